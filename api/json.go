package api

import (
	"bytes"
	"cmp"
	v1 "encoding/json"
	"errors"
	"fmt"
	"mime"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofiber/fiber/v2"

	"openhours/analytics/params"
)

// readBody reads a JSON body, if there is one, into value and names what is wrong with it.
func (s *Server) readBody(c *fiber.Ctx, value any) error {
	text, err := s.limitedBody(c, maxJSONBody)
	if err != nil || len(bytes.TrimSpace(text)) == 0 {
		return err
	}
	if kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType)); err != nil || kind != fiber.MIMEApplicationJSON {
		return &Problem{Status: fiber.StatusUnsupportedMediaType, Title: "Unsupported media type",
			Detail: fmt.Sprintf("the body is %q; send application/json", c.Get(fiber.HeaderContentType))}
	}
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return invalid("body", "expected a JSON object, found null")
	}
	if !utf8.Valid(text) {
		return invalid("body", "the body is not valid UTF-8")
	}
	if err := json.Unmarshal(text, value, json.RejectUnknownMembers(true)); err != nil {
		return jsonProblem(err)
	}
	return nil
}

// jsonProblem names the field of a fault. The library takes each key once and only as it is written in the
// documentation: what a client means by two, or by one in capitals, is a guess.
func jsonProblem(err error) error {
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntactic) && errors.Is(err, jsontext.ErrDuplicateName):
		return invalid(fieldName(syntactic.JSONPointer), "it is given more than once")
	case errors.As(err, &syntactic):
		return invalid("body", fmt.Sprintf("not valid JSON at byte %d: %v", syntactic.ByteOffset, syntactic.Err))
	case !errors.As(err, &semantic):
		return invalid("body", err.Error())
	case errors.Is(err, json.ErrUnknownName):
		return invalid(fieldName(semantic.JSONPointer), "there is no such field")
	}
	if value := (*v1.UnmarshalTypeError)(nil); errors.As(err, &value) {
		switch value.Type {
		case reflect.TypeFor[params.Length]():
			return invalid(fieldName(semantic.JSONPointer), value.Value+" is not a length: write it like \"90s\", \"45m\", \"1h30m\" or \"7d\"")
		case reflect.TypeFor[params.Target]():
			return invalid(fieldName(semantic.JSONPointer), value.Value+" is not a target: write a percentage above 0 and below 100"+howToWrite(value.Value))
		}
	}
	return invalid(fieldName(semantic.JSONPointer), fmt.Sprintf("a JSON %s is there; %s is needed", jsonKinds[semantic.JSONKind], jsonName(semantic.GoType)))
}

// howToWrite is the end of a message on a target. People also read it on the dashboard, where quotes would be part of the value.
func howToWrite(value string) string {
	if strings.HasPrefix(value, `"`) {
		return ", such as 98 or 99.95"
	}
	return ` in quotes, like "98" or "99.95"`
}

var jsonKinds = map[jsontext.Kind]string{'n': "null", 'f': "boolean", 't': "boolean", '"': "string", '0': "number", '{': "object", '[': "array"}

// jsonName is what JSON calls a Go type.
func jsonName(of reflect.Type) string {
	switch of.Kind() {
	case reflect.Slice:
		return "array"
	case reflect.Struct:
		return "object"
	case reflect.Bool:
		return "boolean"
	}
	return of.Kind().String()
}

// fieldName is the path of a value without the indexes of arrays: windows.length.
func fieldName(pointer jsontext.Pointer) string {
	var names []string
	for token := range pointer.Tokens() {
		if _, err := strconv.Atoi(token); err != nil || len(names) == 0 {
			names = append(names, token)
		}
	}
	return cmp.Or(strings.Join(names, "."), "body")
}
