package api

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDigests uploads with the hashes of RFC 9530: what arrives otherwise changes nothing.
func TestDigests(t *testing.T) {
	c := serve(t, nil)
	c.put("store_status.csv", statusCSV)
	file := filepath.Join(c.dir, "data", "store_status.csv")
	body := statusCSV + "c,active,2024-10-07 12:00:00 UTC\n"
	sum256, sum512, other := sha256.Sum256([]byte(body)), sha512.Sum512([]byte(body)), sha256.Sum256([]byte(statusCSV))
	fits256, fits512, wrong := "sha-256="+byteSequence(sum256[:]), "sha-512="+byteSequence(sum512[:]), "sha-256="+byteSequence(other[:])
	put := func(headers ...string) reply {
		return c.do("PUT", "/api/v1/data/status/store_status.csv", body, append([]string{"Content-Type", "text/csv"}, headers...)...)
	}
	for _, header := range []string{"Content-Digest", "Repr-Digest"} {
		for _, value := range []string{wrong, fits512 + ", " + wrong, "sha-256", "sha-256=1", "sha-256=::", "sha-256=:AAAA:",
			`sha-256="` + strings.Trim(fits256[8:], ":") + `"`, "sha-256=(" + fits256[8:] + ")", "sha-256=:not base64:", "=", ",", "SHA-256=:AAAA:"} {
			r := c.want(400, put(header, value))
			if !strings.Contains(r.text, `"field":"`+header+`"`) {
				t.Errorf("%s: %s: got %s", header, value, r.text)
			}
			if text, err := os.ReadFile(file); err != nil || string(text) != statusCSV {
				t.Fatalf("%s: %s: changed the file: %v %q", header, value, err, text)
			}
		}
	}
	if r := c.want(400, c.do("POST", "/trigger_report", "{}", "Content-Digest", wrong)); !strings.Contains(r.text, "sha-256=:") {
		t.Errorf("the answer lacks the digest of what arrived: %s", r.text)
	}
	for _, value := range []string{fits256, fits512, fits256 + ", " + fits512, "md5=:AAAA:, crc32c=1, " + fits256, fits256 + ";p=1", ""} {
		if got := field[string](t, c.want(200, put("Content-Digest", value, "Repr-Digest", value)).text, "sha256"); got != hex.EncodeToString(sum256[:]) {
			t.Errorf("%s: stored %s", value, got)
		}
	}
	id := c.report("")
	for _, name := range []string{"report.csv", "report.parquet", "report.json"} {
		r := c.want(200, c.do("GET", "/api/v1/reports/"+id+"/"+name, ""))
		sum := sha256.Sum256([]byte(r.text))
		answers := []reply{r, c.do("HEAD", "/api/v1/reports/"+id+"/"+name, "")}
		if name != "report.json" { // of which a part is not JSON
			answers = append(answers, c.do("GET", "/api/v1/reports/"+id+"/"+name, "", "Range", "bytes=0-3"))
		}
		for _, r := range answers {
			if got, want := r.Header.Get("Repr-Digest"), "sha-256="+byteSequence(sum[:]); got != want {
				t.Errorf("%s: status %d: Repr-Digest %q, want %q", name, r.StatusCode, got, want)
			}
		}
	}
	if r := c.want(416, c.do("GET", "/api/v1/reports/"+id+"/report.csv", "", "Range", "bytes=9999999-")); r.Header.Get("Repr-Digest") != "" {
		t.Error("a problem has the digest of the file")
	}
}
