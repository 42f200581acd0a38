package api

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"openhours/analytics/ingest"
	"openhours/analytics/params"
)

type object = map[string]any

// openAPI writes the table of routes as OpenAPI 3.1.
func (s *Server) openAPI() ([]byte, error) {
	paths := object{}
	for _, r := range s.routes {
		item, ok := paths[r.path].(object)
		if !ok {
			item = object{}
			if list := pathParameters(r.path); len(list) > 0 {
				item["parameters"] = list
			}
			paths[r.path] = item
		}
		item[strings.ToLower(r.method)] = r.operation()
		if r.method == fiber.MethodGet {
			head := r.operation()
			delete(head, "requestBody")
			head["summary"] = "The headers of GET"
			head["operationId"] = head["operationId"].(string) + "_head"
			item["head"] = head
		}
	}
	return json.MarshalIndent(object{
		"openapi": "3.1.0",
		"info": object{"title": "openhours", "version": s.o.Version,
			"description": "How long was each store really online while it should have been open? Reports are asked for, polled and downloaded."},
		"paths": paths,
		"components": object{
			"schemas": object{"Problem": schemaOf(reflect.TypeFor[Problem]())},
			"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer"},
				"session": object{"type": "apiKey", "in": "cookie", "name": sessionCookie, "description": "of POST /api/v1/session, for pages of this server"}},
		},
	}, "", "  ")
}

// pathAbout says what stands for the names in a path.
var pathAbout = map[string]string{
	"id":    "id of a report; in GET also latest: the newest complete report with the parameters of the pinned one, or with the default parameters",
	"other": "id of the report to compare with, which counts as the newer one, or latest",
	"store": "id of a store, escaped: a slash is %2F", "set": "data set that the file belongs to", "file": "name of a file"}

func pathParameters(path string) []object {
	var list []object
	for _, name := range pathParameter.FindAllStringSubmatch(path, -1) {
		schema := object{"type": "string", "minLength": 1}
		if name[1] == "set" {
			schema["enum"] = ingest.SetNames()
		}
		list = append(list, object{"name": name[1], "in": "path", "required": true, "description": pathAbout[name[1]], "schema": schema})
	}
	return list
}

func (r route) operation() object {
	responses := object{}
	if r.isOfReport() && r.method == fiber.MethodGet {
		responses["304"] = object{"description": "not modified"}
	}
	for status, a := range r.answers {
		content := object{}
		if a.json != nil {
			content[fiber.MIMEApplicationJSON] = object{"schema": schemaOf(reflect.TypeOf(a.json))}
		}
		for _, media := range a.media {
			content[media] = object{"schema": object{}}
		}
		response := object{"description": a.about}
		if len(content) > 0 {
			response["content"] = content
		}
		responses[strconv.Itoa(status)] = response
	}
	problems := append([]int{400, 421, 500}, r.problems...)
	if r.scope != open {
		problems = append(problems, 401, 403, 429)
	}
	if pathParameter.MatchString(r.path) {
		problems = append(problems, 404)
	}
	for _, status := range problems {
		if _, own := responses[strconv.Itoa(status)]; own {
			continue
		}
		responses[strconv.Itoa(status)] = object{"description": "a problem",
			"content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Problem"}}}}
	}
	operation := object{"summary": r.summary, "operationId": operationID(r), "responses": responses}
	if r.scope != open {
		operation["security"] = []object{{"bearer": []string{}}, {"session": []string{}}, {}}
		operation["description"] = "Needs a token with " + string(r.scope) + " scope where the server has tokens."
	}
	var parameters []object
	for place, list := range map[string][]parameter{"query": r.query, "header": r.headers} {
		for _, p := range list {
			parameters = append(parameters, object{"name": p.name, "in": place, "required": p.required, "description": p.about, "schema": p.schema()})
		}
	}
	if len(parameters) > 0 {
		slices.SortFunc(parameters, func(a, b object) int { return strings.Compare(a["name"].(string), b["name"].(string)) })
		operation["parameters"] = parameters
	}
	switch body := r.body.(type) {
	case nil:
	case string:
		operation["requestBody"] = object{"required": true, "content": object{body: object{"schema": object{}}}}
	default:
		operation["requestBody"] = object{"required": false, "content": object{fiber.MIMEApplicationJSON: object{"schema": closed(schemaOf(reflect.TypeOf(body)))}}}
	}
	return operation
}

func operationID(r route) string {
	words := strings.FieldsFunc(strings.TrimPrefix(r.path, "/api/v1"), func(c rune) bool { return strings.ContainsRune("/{}._", c) })
	if r.page {
		words = append([]string{"page"}, words...)
	}
	return strings.ToLower(r.method) + "_" + strings.Join(words, "_")
}

func (p parameter) schema() object {
	schema := object{"type": p.kind}
	if p.values != nil {
		schema["enum"] = p.values
		if !p.required { // a form sends what was left open as an empty text
			schema["enum"] = append(slices.Clone(p.values), "")
		}
	}
	if p.kind == "integer" {
		schema["minimum"], schema["maximum"] = p.least, p.most
	}
	if p.name == "Idempotency-Key" {
		schema["maxLength"] = 200
	}
	if p.required {
		schema["minLength"] = 1
	}
	if p.repeated {
		return object{"type": "array", "items": schema}
	}
	return schema
}

// closed reports whether a body takes no other fields, and may omit any or set it to null.
func closed(schema object) object {
	schema["additionalProperties"] = false
	delete(schema, "required")
	for _, property := range schema["properties"].(object) {
		property := property.(object)
		if kind, single := property["type"].(string); single {
			property["type"] = []string{kind, "null"}
		}
		if values, listed := property["enum"].([]string); listed {
			all := []any{nil}
			for _, value := range values {
				all = append(all, value)
			}
			property["enum"] = all
		}
	}
	return schema
}

// schemaOf describes a type as encoding/json writes it.
func schemaOf(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[params.Length]():
		return object{"type": "string", "minLength": 2, "pattern": `^([0-9]{1,7}d)?([0-9]{1,7}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?$`, "examples": []string{"90s", "45m", "1h30m", "7d"}}
	case reflect.TypeFor[params.Target]():
		return object{"type": "string", "pattern": `^(0*[1-9][0-9]?(\.[0-9]{1,4})?|0+\.([1-9][0-9]{0,3}|0[1-9][0-9]{0,2}|00[1-9][0-9]?|000[1-9]))%?$`, "examples": []string{"98", "99.95"}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		inner := schemaOf(t.Elem())
		if kind, plain := inner["type"].(string); plain {
			inner["type"] = []string{kind, "null"}
		}
		return inner
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Slice:
		return object{"type": []string{"array", "null"}, "items": schemaOf(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Struct:
		properties, required := object{}, []string{}
		addFields(t, properties, &required)
		return object{"type": "object", "properties": properties, "required": required}
	}
	return object{}
}

func addFields(t reflect.Type, properties object, required *[]string) {
	eachField(t, func(name string, field reflect.StructField, always bool) {
		schema := schemaOf(field.Type)
		narrow(schema, field.Tag)
		if about := aboutField(field.Tag); about != "" {
			schema["description"] = about
		}
		properties[name] = schema
		if always {
			*required = append(*required, name)
		}
	})
}

// eachField visits the fields of a struct as encoding/json writes them, in their order; always: never left out.
func eachField(t reflect.Type, visit func(name string, field reflect.StructField, always bool)) {
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			eachField(field.Type, visit)
		case name != "-" && field.IsExported():
			visit(name, field, !strings.Contains(options, "omit"))
		}
	}
}

// aboutField is what the tags of a field say to its reader.
func aboutField(tag reflect.StructTag) string {
	about := tag.Get("about")
	if limits, found := tag.Lookup("limits"); found {
		about += " Limits: " + limits + "."
	}
	return about
}

// narrow adds what a field's tags say of its text, or of the texts in its list.
func narrow(schema object, tag reflect.StructTag) {
	if items, isList := schema["items"].(object); isList {
		schema = items
	}
	if values, found := tag.Lookup("values"); found {
		schema["enum"] = strings.Split(values, ",")
	}
	if pattern, found := tag.Lookup("pattern"); found {
		schema["pattern"] = pattern
	}
	if most, err := strconv.Atoi(tag.Get("characters")); err == nil {
		schema["maxLength"] = most
	}
}

func (s *Server) getOpenAPI(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(s.doc)
}
