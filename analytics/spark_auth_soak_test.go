//go:build spark && soak

package analytics_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"openhours/analytics/enginetest"
	"openhours/analytics/report"
	"openhours/analytics/spark"
	"openhours/analytics/spark/hive"
)

// wrongWay is one way not to meet a server, and what its error says.
type wrongWay struct {
	options hive.Options
	want    string
}

// TestSoakSparkAuthentication makes a report through Thrift Servers that want to be met in every way
// that there is, and meets each in wrong ways.
func TestSoakSparkAuthentication(t *testing.T) {
	e, data, dir := soakEngine(t, 20, 3)
	_, want := reportOn(t, e, nil, report.Request{Data: data, Reports: dir})
	_, text, _ := net.SplitHostPort(testCluster(t).Address)
	first, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	directory := startDirectory(t)
	krb5, keytab := startKerberos(t)
	noSASL := wrongWay{hive.Options{Auth: "NOSASL"}, "authentication is NOSASL here"}
	wrong := func(auth string) wrongWay {
		return wrongWay{hive.Options{Auth: auth, User: "ops", Password: "wrong"}, "Error validating the login"}
	}
	for n, c := range []struct {
		name, auth string
		conf       string            // settings of Spark; PORT is the server's
		hive, core map[string]string // hive-site.xml and core-site.xml
		good       hive.Options
		wrong      []wrongWay
	}{
		{name: "plain", auth: "NONE", good: hive.Options{Auth: "NONE", User: "ops", Password: "x"}, wrong: []wrongWay{noSASL}},
		{name: "http", auth: "NONE", conf: "--conf spark.hadoop.hive.server2.transport.mode=http --conf spark.hadoop.hive.server2.thrift.http.port=PORT",
			good: hive.Options{Auth: "NONE", User: "ops", Password: "x", HTTPPath: "cliservice"}, wrong: []wrongWay{noSASL}},
		{name: "directory", auth: "LDAP",
			hive: map[string]string{"hive.server2.authentication.ldap.url": directory, "hive.server2.authentication.ldap.baseDN": "dc=openhours"},
			good: hive.Options{Auth: "LDAP", User: "ops", Password: "right"}, wrong: []wrongWay{noSASL, wrong("LDAP")}},
		{name: "kerberos", auth: "KERBEROS", hive: kerberosSite(keytab), core: map[string]string{"hadoop.security.authentication": "kerberos"},
			good: hive.Options{Auth: "KERBEROS", Service: "hive"},
			wrong: []wrongWay{noSASL, {hive.Options{Auth: "KERBEROS", Service: "spark"}, "spark/localhost@OPENHOURS.TEST not found in Kerberos database"},
				{hive.Options{Auth: "NONE"}, "Unsupported mechanism type PLAIN"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			port, site := strconv.Itoa(first+2000+4*n), t.TempDir()
			writeFile(t, filepath.Join(site, "hive-site.xml"), siteXML(c.hive))
			writeFile(t, filepath.Join(site, "core-site.xml"), siteXML(c.core))
			start := exec.Command("../.ci/spark", "up", port)
			start.Env = append(os.Environ(), "SPARK_AUTH="+c.auth, "JDK_JAVA_OPTIONS=-Djava.security.krb5.conf="+krb5,
				"SPARK_CONF="+strings.ReplaceAll(c.conf, "PORT", port)+" --conf spark.driver.extraClassPath="+site)
			t.Cleanup(func() {
				if said, err := exec.Command("../.ci/spark", "down", port).CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, said)
				}
			})
			if said, err := start.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			// by its name: it is part of the server's principal
			c.good.Address = net.JoinHostPort("localhost", port)
			_, got := reportOn(t, e, &spark.Options{Options: c.good, Staging: dir}, report.Request{Data: data, Reports: dir})
			for name, text := range want {
				if string(text) != string(got[name]) {
					t.Errorf("%s differs", name)
				}
			}
			for _, w := range c.wrong {
				w.options.Address = c.good.Address
				var away *hive.UnreachableError
				_, err := report.Make(t.Context(), on(t, e, &spark.Options{Options: w.options, Staging: dir}), report.Request{Data: data, Reports: dir, Now: enginetest.Now})
				if !errors.As(err, &away) || !strings.Contains(err.Error(), w.want) {
					t.Errorf("met in a wrong way (%s): %v", w.options.Auth, err)
				}
				t.Logf("met in a wrong way: %v", err)
			}
		})
	}
}

func kerberosSite(keytab string) map[string]string {
	return map[string]string{"hive.server2.authentication.kerberos.principal": "hive/localhost@OPENHOURS.TEST",
		"hive.server2.authentication.kerberos.keytab": keytab, "hive.server2.enable.doAs": "false"}
}

// siteXML writes settings as Hadoop reads them.
func siteXML(settings map[string]string) string {
	var b strings.Builder
	b.WriteString("<configuration>")
	for name, value := range settings {
		fmt.Fprintf(&b, "<property><name>%s</name><value>%s</value></property>", name, value)
	}
	return b.String() + "</configuration>"
}
