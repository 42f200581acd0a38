package api

import (
	"encoding/json"
	"html"
	"strings"
	"testing"
)

// TestDocsPage: the page lists every parameter and every field of openapi.json, says what each field of a body means, and
// leads back.
func TestDocsPage(t *testing.T) {
	c := serve(t, nil)
	page := html.UnescapeString(c.want(200, c.do("GET", "/docs", "")).text)
	if !strings.Contains(page, `<a href="/">`) {
		t.Error("the page does not lead back")
	}
	for _, limit := range []string{"windows[].length", "Limits: between 1h and 3650d.", "integer from 1 to 500", "<code>previous</code>", "string of at most 200 characters"} {
		if !strings.Contains(page, limit) {
			t.Errorf("%q is missing", limit)
		}
	}
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(c.do("GET", "/openapi.json", "").text), &doc); err != nil {
		t.Fatal(err)
	}
	fields := 0
	for path, item := range doc.Paths {
		for method, text := range item {
			if method == "parameters" || method == "head" {
				continue
			}
			var operation struct {
				Parameters []struct{ Name, Description string }
				Body       struct {
					Content map[string]struct{ Schema schema }
				} `json:"requestBody"`
				Responses map[string]struct {
					Content map[string]struct{ Schema schema }
				}
			}
			if err := json.Unmarshal(text, &operation); err != nil {
				t.Fatal(err)
			}
			where := strings.ToUpper(method) + " " + path
			_, section, found := strings.Cut(page, "<code>"+where+"</code></h3>")
			if !found {
				t.Errorf("%s is missing", where)
			}
			section, _, _ = strings.Cut(section, "</section>")
			for _, p := range operation.Parameters {
				if !strings.Contains(section, "<code>"+p.Name+"</code>") || p.Description == "" || !strings.Contains(strings.ToLower(section), strings.ToLower(p.Description)) {
					t.Errorf("%s: parameter %s is missing, or what it means", where, p.Name)
				}
			}
			for _, media := range operation.Body.Content {
				_, body, _ := strings.Cut(section, "<h4>Body")
				if body, _, _ = strings.Cut(body, "<h4>"); strings.Contains(body, ">required<") {
					t.Errorf("%s: a field of the body is called required", where)
				}
				media.Schema.visit("", func(name, about string) {
					fields++
					if !strings.Contains(section, "<code>"+name+"</code>") || about == "" || !strings.Contains(section, about) {
						t.Errorf("%s: field %s is missing, or what it means", where, name)
					}
				})
			}
			for status, answer := range operation.Responses {
				for media, body := range answer.Content {
					if media == "application/problem+json" {
						continue
					}
					body.Schema.visit("", func(name, _ string) {
						fields++
						if !strings.Contains(section, "<code>"+name+"</code>") {
							t.Errorf("%s: field %s of the answer %s is missing", where, name, status)
						}
					})
				}
			}
		}
	}
	if fields < 500 {
		t.Errorf("only %d fields were looked for", fields)
	}
}

// schema is a part of openapi.json.
type schema struct {
	Description string
	Properties  map[string]schema
	Items       *schema
	Values      json.RawMessage `json:"additionalProperties"`
}

func (s schema) visit(prefix string, see func(name, about string)) {
	for name, property := range s.Properties {
		path := prefix + name
		see(path, property.Description)
		property.visit(path+".", see)
		if property.Items != nil {
			property.Items.visit(path+"[].", see)
		}
		var values schema
		if json.Unmarshal(property.Values, &values) == nil {
			values.visit(path+".*.", see)
		}
	}
}
