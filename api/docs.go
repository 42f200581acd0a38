package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

//go:embed docs.gohtml
var docsText string

var docsTemplate = template.Must(template.New("docs").Parse(docsText))

type docsSection struct {
	ID, Name string
	Routes   []docsRoute
}

type docsRoute struct {
	ID, Method, Path, Summary, Scope string
	Parameters                       []docsField
	Body                             string // media type
	Fields                           []docsField
	Answers                          []docsAnswer
	Problems                         string
}

// docsField is a parameter, or a field of a body by its path: windows[].name.
type docsField struct {
	Name, Place, Type, About string
	Required, Nullable       bool
	Values                   []string
	Pattern                  string
}

type docsAnswer struct {
	Status       int
	About, Media string
	Fields       []docsField
}

// docsPage writes the table of routes as a page, from the same types as openapi.json.
func (s *Server) docsPage() ([]byte, error) {
	sections := []docsSection{{ID: "reports", Name: "Reports"}, {ID: "data", Name: "Data"}, {ID: "operation", Name: "Operation"}, {ID: "pages", Name: "Pages of the dashboard"}}
	for _, r := range s.routes {
		section := &sections[2]
		switch {
		case r.page:
			section = &sections[3]
		case strings.HasPrefix(r.path, "/api/v1/data"):
			section = &sections[1]
		case strings.Contains(r.path, "report"):
			section = &sections[0]
		}
		section.Routes = append(section.Routes, r.docs())
	}
	var page bytes.Buffer
	err := docsTemplate.Execute(&page, sections)
	return page.Bytes(), err
}

func (r route) docs() docsRoute {
	shown := docsRoute{ID: operationID(r), Method: r.method, Path: r.path, Summary: r.summary, Scope: string(r.scope)}
	for _, p := range pathParameters(r.path) {
		shown.Parameters = append(shown.Parameters, docsOf(p["name"].(string), "path", pathAbout[p["name"].(string)], p["schema"].(object), true))
	}
	for _, p := range r.query {
		shown.Parameters = append(shown.Parameters, docsOf(p.name, "query", p.about, p.schema(), p.required))
	}
	for _, p := range r.headers {
		shown.Parameters = append(shown.Parameters, docsOf(p.name, "header", p.about, p.schema(), p.required))
	}
	switch body := r.body.(type) {
	case nil:
	case string:
		shown.Body = body
	default:
		shown.Body, shown.Fields = fiber.MIMEApplicationJSON, docsFields(reflect.TypeOf(body), "")
	}
	for _, status := range slices.Sorted(maps.Keys(r.answers)) {
		a := r.answers[status]
		media := slices.Clone(a.media)
		var fields []docsField
		if a.json != nil {
			media = slices.Insert(media, 0, fiber.MIMEApplicationJSON)
			fields = docsFields(reflect.TypeOf(a.json), "")
		}
		shown.Answers = append(shown.Answers, docsAnswer{Status: status, About: a.about, Media: strings.Join(media, ", "), Fields: fields})
	}
	problems := slices.Compact(slices.Sorted(slices.Values(r.problems)))
	shown.Problems = strings.ReplaceAll(strings.Trim(fmt.Sprint(problems), "[]"), " ", ", ")
	return shown
}

// docsFields lists the fields of a struct and of the structs inside it.
func docsFields(t reflect.Type, prefix string) []docsField {
	if t.Kind() != reflect.Struct {
		return nil
	}
	var list []docsField
	eachField(t, func(name string, field reflect.StructField, _ bool) {
		schema := schemaOf(field.Type)
		narrow(schema, field.Tag)
		path, inner := prefix+name, field.Type
		list = append(list, docsOf(path, "", aboutField(field.Tag), schema, false))
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice || inner.Kind() == reflect.Map {
			switch inner.Kind() {
			case reflect.Slice:
				path += "[]"
			case reflect.Map:
				path += ".*"
			}
			inner = inner.Elem()
		}
		if schemaOf(inner)["properties"] != nil {
			list = append(list, docsFields(inner, path+".")...)
		}
	})
	return list
}

func docsOf(name, place, about string, schema object, required bool) docsField {
	field := docsField{Name: name, Place: place, Type: typeText(schema), About: sentence(about), Required: required}
	_, field.Nullable = schema["type"].([]string)
	narrowed := schema
	if items, isList := schema["items"].(object); isList {
		narrowed, field.Nullable = items, false // an empty list may be null
	}
	if values, found := narrowed["enum"].([]string); found {
		field.Values = slices.DeleteFunc(slices.Clone(values), func(value string) bool { return value == "" })
	}
	if narrowed["examples"] == nil {
		field.Pattern, _ = narrowed["pattern"].(string)
	}
	return field
}

// sentence gives a text a capital and a full stop.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// typeText is the type of a schema in words: list of strings, integer from 1 to 500.
func typeText(schema object) string {
	text, _ := schema["type"].(string)
	if kinds, several := schema["type"].([]string); several { // the second is null
		text = kinds[0]
	}
	items, isList := schema["items"].(object)
	examples, hasExamples := schema["examples"].([]string)
	values, isMap := schema["additionalProperties"].(object)
	switch {
	case text == "":
		return "anything"
	case isList:
		if kind := typeText(items); !strings.Contains(kind, " ") && kind != "anything" {
			return "list of " + kind + "s"
		}
		return "list of " + typeText(items)
	case isMap:
		return text + " with values of " + typeText(values)
	case hasExamples:
		return text + " such as " + strings.Join(examples, ", ")
	case schema["format"] == "date-time":
		return text + ", an instant of RFC 3339"
	case schema["minimum"] != nil:
		return fmt.Sprintf("%s from %d to %d", text, schema["minimum"], schema["maximum"])
	case schema["maxLength"] != nil:
		return fmt.Sprintf("%s of at most %d characters", text, schema["maxLength"])
	}
	return text
}

// getDocs is a page that needs no script: the theme is the system's without one.
func (s *Server) getDocs(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(s.docs)
}
