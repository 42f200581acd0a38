package params

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestTags: what the tags say of limits and defaults is what Validate and WithDefaults do.
func TestTags(t *testing.T) {
	far := 100_000 * Day
	wrong := Parameters{MaxGap: &far, FreshWithin: &far, JoinGap: &far, CollectorGap: &far, Target: new(Target),
		Windows: append(slices.Repeat([]Window{{Name: "w", Length: Hour}}, MaxWindows), Window{Name: "far", Length: far})}
	says := map[string]string{"windows": "51 windows: ", "target": "target 0: must be ", "length": "window far 100000d: must be "}
	text := wrong.WithDefaults().Validate().Error()
	count := 0
	for _, kind := range []reflect.Type{reflect.TypeFor[Parameters](), reflect.TypeFor[Window]()} {
		for field := range kind.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.Tag.Get("about") == "" {
				t.Errorf("%s has no tag `about`", name)
			}
			limits, found := field.Tag.Lookup("limits")
			if !found {
				continue
			}
			count++
			start, given := says[name]
			if !given {
				start = name + " 100000d: must be "
			}
			if !strings.Contains(text, start+limits) {
				t.Errorf("%s: the tag says %q, which is not in\n%s", name, limits, text)
			}
		}
	}
	if count != 7 {
		t.Errorf("%d fields have limits", count)
	}
	defaults := Parameters{}.WithDefaults()
	for name, value := range map[string]string{"Interpolation": defaults.Interpolation, "Unobserved": defaults.Unobserved,
		"FreshWithin": defaults.FreshWithin.String(), "JoinGap": defaults.JoinGap.String(), "CollectorGap": defaults.CollectorGap.String()} {
		if field, _ := reflect.TypeFor[Parameters]().FieldByName(name); !strings.HasSuffix(field.Tag.Get("about"), "default "+value+".") {
			t.Errorf("%s: the default is %s, not as in %q", name, value, field.Tag.Get("about"))
		}
	}
}
