package api

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"openhours/analytics/queue"
)

// ownPage is what a browser sends for a page of the server.
var ownPage = []string{"Sec-Fetch-Site", "same-origin"}

// signInAs returns the headers of a browser that has signed in.
func signInAs(t *testing.T, c *client, token string, headers ...string) []string {
	t.Helper()
	r := c.want(200, c.do("POST", "/api/v1/session", fmt.Sprintf(`{"token":%q}`, token), append(headers, ownPage...)...))
	cookies := r.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("cookies %v", cookies)
	}
	return append([]string{"Cookie", cookies[0].Name + "=" + cookies[0].Value}, ownPage...)
}

func TestSession(t *testing.T) {
	var later atomic.Int64
	withTokens := func(read, write string) *client {
		return serve(t, func(o *Options, _ *queue.Options) {
			o.ReadTokens, o.WriteTokens, o.TrustedProxies = []string{read}, []string{write}, []string{"127.0.0.2"}
			o.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
		})
	}
	c := withTokens("reader's token", "writer's token")
	may := func(c *client, headers ...string) string {
		t.Helper()
		r := c.want(200, c.do("GET", "/api/v1/session", "", headers...))
		return fmt.Sprint(field[bool](t, r.text, "tokens"), field[bool](t, r.text, "signed_in"), field[bool](t, r.text, "read"), field[bool](t, r.text, "write"))
	}
	if got := may(c); got != "true false false false" {
		t.Errorf("a stranger: %s", got)
	}
	reader, writer := signInAs(t, c, "reader's token"), signInAs(t, c, "writer's token")
	if got := may(c, reader...); got != "true true true false" {
		t.Errorf("a reader: %s", got)
	}
	if got := may(c, writer...); got != "true true true true" {
		t.Errorf("a writer: %s", got)
	}
	if strings.Contains(reader[1], "token") {
		t.Errorf("the cookie has the token: %s", reader[1])
	}
	c.put("store_status.csv", statusCSV)
	c.want(200, c.do("GET", "/api/v1/reports", "", reader...))
	c.want(403, c.do("POST", "/api/v1/reports", "", reader...))
	c.want(202, c.do("POST", "/api/v1/reports", "", writer...))
	if r := c.want(401, c.do("GET", "/api/v1/reports", "", append([]string{"Authorization", "Bearer wrong"}, writer...)...)); r.Header.Get("WWW-Authenticate") == "" {
		t.Error("a wrong token passes with a cookie")
	}

	for name, headers := range map[string][]string{ // what another site or port could make a browser send
		"another site":            {"Cookie", writer[1], "Sec-Fetch-Site", "cross-site"},
		"another port":            {"Cookie", writer[1], "Sec-Fetch-Site", "same-site"},
		"an old browser":          {"Cookie", writer[1], "Origin", "http://localhost:9"},
		"an old browser, sandbox": {"Cookie", writer[1], "Origin", "null"},
	} {
		c.want(401, c.do("GET", "/api/v1/reports", "", headers...))
		c.want(403, c.do("POST", "/api/v1/reports", "", headers...))
		c.want(403, c.do("POST", "/api/v1/session", `{"token":"writer's token"}`, headers[2:]...))
		if r := c.do("DELETE", "/api/v1/session", "", headers...); r.StatusCode != 403 {
			t.Errorf("%s: signs out: %d", name, r.StatusCode)
		}
	}
	c.want(401, c.do("POST", "/api/v1/reports", "", "Cookie", writer[1])) // nothing says that a page of this server asks
	c.want(202, c.do("POST", "/api/v1/reports", "", "Cookie", writer[1], "Origin", c.base))

	for _, value := range []string{"", "x", reader[1][:len(reader[1])-1], reader[1][:40] + "AAAA" + reader[1][44:]} {
		c.want(401, c.do("GET", "/api/v1/reports", "", "Cookie", value))
	}
	again := withTokens("reader's token", "another writer's token") // a restart, and the writer's token is taken away
	c.want(200, again.do("GET", "/api/v1/reports", "", reader...))
	again.want(401, again.do("GET", "/api/v1/reports", "", writer...))
	signedOut := c.want(204, c.do("DELETE", "/api/v1/session", "", reader...)).Cookies()
	if len(signedOut) != 1 || signedOut[0].Value != "" || !signedOut[0].Expires.Before(time.Now()) {
		t.Errorf("signed out with %v", signedOut)
	}
	later.Store(int64(sessionTime + time.Second))
	c.want(401, c.do("GET", "/api/v1/reports", "", reader...))
}

func TestSessionCookie(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) {
		o.ReadTokens, o.TrustedProxies = []string{"r"}, []string{"127.0.0.1"}
	})
	stranger := serve(t, func(o *Options, _ *queue.Options) { o.ReadTokens = []string{"r"} })
	for _, w := range []struct {
		server *client
		proto  string
		secure bool
	}{{c, "https", true}, {c, "http", false}, {stranger, "https", false}} {
		r := w.server.want(200, w.server.do("POST", "/api/v1/session", `{"token":"r"}`, "X-Forwarded-Proto", w.proto))
		cookie := r.Cookies()[0]
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Secure != w.secure ||
			time.Until(cookie.Expires).Round(time.Hour) != sessionTime {
			t.Errorf("%s: %s", w.proto, cookie)
		}
	}
	open := serve(t, nil)
	if r := open.want(200, open.do("POST", "/api/v1/session", `{"token":"r"}`)); len(r.Cookies()) != 0 || !field[bool](t, r.text, "write") || field[bool](t, r.text, "tokens") {
		t.Errorf("without tokens: %v %s", r.Cookies(), r.text)
	}
	c.want(400, c.do("POST", "/api/v1/session", ""))
	c.want(400, c.do("POST", "/api/v1/session", `{"token":7}`))
}

// TestFailedSessions guesses tokens at the sign-in: they count like those of a header, and a cookie is no guess.
func TestFailedSessions(t *testing.T) {
	c := serve(t, func(o *Options, _ *queue.Options) { o.ReadTokens = []string{"r"} })
	reader := signInAs(t, c, "r")
	for range 2 * mostFailures {
		c.want(401, c.do("GET", "/api/v1/reports", "", "Cookie", sessionCookie+"=old"))
	}
	for i := range mostFailures {
		if i%2 == 0 {
			r := c.want(401, c.do("POST", "/api/v1/session", `{"token":"guess"}`))
			if !strings.Contains(r.text, `"field":"token"`) {
				t.Errorf("got %s", r.text)
			}
			continue
		}
		c.want(401, c.do("GET", "/api/v1/reports", "", "Authorization", "Bearer guess"))
	}
	if r := c.want(429, c.do("POST", "/api/v1/session", `{"token":"r"}`)); r.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	c.want(200, c.do("GET", "/api/v1/reports", "", reader...))
}
