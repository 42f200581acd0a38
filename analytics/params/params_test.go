package params

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLengths: every length is read back as it was written, and in the fewest parts.
func TestLengths(t *testing.T) {
	for text, want := range map[string]Length{
		"0s": 0, "90s": 90 * Second, "45m": 45 * Minute, "1h30m": 90 * Minute, "7d": 7 * Day, "1d1h1m1s": Day + Hour + Minute + Second,
	} {
		if got, err := ParseLength(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "h", "1", "-1h", "1.5h", "1h 30m", "30m1h", "1w", "99999999d", "1H"} {
		if got, err := ParseLength(text); err == nil || !strings.Contains(err.Error(), "is not a length: write it like 90s") {
			t.Errorf("%q: got %d, %v", text, got, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		length := Length(rapid.Int64Range(0, 1e9).Draw(t, "seconds")) * Second
		if got, err := ParseLength(length.String()); err != nil || got != length {
			t.Fatalf("%s: got %s, %v", length, got, err)
		}
	})
}

// TestLengthOfJSON: a wrong length in JSON is an error that the decoder can add the name of the field to.
func TestLengthOfJSON(t *testing.T) {
	var p Parameters
	if err := json.Unmarshal([]byte(`{"max_gap":"2h","fresh_within":null}`), &p); err != nil || *p.MaxGap != 2*Hour || p.FreshWithin != nil {
		t.Errorf("got %+v, %v", p, err)
	}
	var wrong *json.UnmarshalTypeError
	for _, text := range []string{`{"max_gap":"2 hours"}`, `{"max_gap":2}`} {
		if err := json.Unmarshal([]byte(text), &p); !errors.As(err, &wrong) || wrong.Field != "max_gap" {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// TestTargets: every target is read back as it was written, from text and from JSON.
func TestTargets(t *testing.T) {
	for text, want := range map[string]Target{"98": 980_000, "99.95%": 999_500, "0.0001": 1, "007.5": 75_000, "99.9999": 999_999} {
		if got, err := ParseTarget(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", "0.0000", "100", "-1", "98 %", "98.", ".5", "98.12345", "9.8e1", "ninety"} {
		if got, err := ParseTarget(text); err == nil || !strings.Contains(err.Error(), "write a percentage above 0 and below 100, such as 98") {
			t.Errorf("%q: got %d, %v", text, got, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		target := Target(rapid.Int64Range(1, 999_999).Draw(t, "ppm"))
		var p Parameters
		text, err := json.Marshal(Parameters{Target: &target})
		if err == nil {
			err = json.Unmarshal(text, &p)
		}
		if err != nil || *p.Target != target {
			t.Fatalf("%s: got %v, %v", target, p.Target, err)
		}
	})
	var p Parameters
	if err := json.Unmarshal([]byte(`{"target":null}`), &p); err != nil || p.Target != nil {
		t.Errorf("got %v, %v", p.Target, err)
	}
	var wrong *json.UnmarshalTypeError
	for _, text := range []string{`{"target":98}`, `{"target":"100"}`, `{"target":"x"}`, `{"target":true}`} {
		if err := json.Unmarshal([]byte(text), &p); !errors.As(err, &wrong) || wrong.Field != "target" {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

func TestWindows(t *testing.T) {
	if w, err := ParseWindow("last_month=30d"); err != nil || w != (Window{Name: "last_month", Length: 30 * Day}) {
		t.Errorf("got %v, %v", w, err)
	}
	for text, want := range map[string]string{"some_month": "write it like last_hour=1h", "x=30 days": "window x: "} {
		if _, err := ParseWindow(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

// TestDefaults: what is asked for stays, everything else gets its default, and defaults are valid.
func TestDefaults(t *testing.T) {
	p := Parameters{}.WithDefaults()
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	if p.Interpolation != "nearest" || p.Unobserved != "nearest" || p.MaxGap != nil || *p.FreshWithin != Hour || *p.JoinGap != Minute ||
		*p.CollectorGap != 2*Hour || len(p.Windows) != 3 {
		t.Errorf("got %+v", p)
	}
	gap := 3 * Second
	asked := Parameters{Interpolation: "next", JoinGap: &gap, Windows: []Window{{Name: "w", Length: Day}}}.WithDefaults()
	if asked.Interpolation != "next" || *asked.JoinGap != gap {
		t.Errorf("got %+v", asked)
	}
}

// TestValidate reports every fault at once, each with what would be right.
func TestValidate(t *testing.T) {
	gap, target := 8*Day, Target(1_000_000)
	p := Parameters{Target: &target, Interpolation: "linear", Unobserved: "guess", JoinGap: &gap, Stores: []string{"a", ""},
		Windows: []Window{{Name: "Bad", Length: Hour}, {Name: "w", Length: Hour}, {Name: "w"}}}.WithDefaults()
	err := p.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`interpolation "linear"`, `unobserved "guess"`, "join_gap 8d", `window name "Bad"`, "w is given twice", "window w has neither a length nor dates", "target 100: must be a percentage above 0 and below 100", "an id must not be empty"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 8 {
		t.Errorf("%d faults:\n%v", n, err)
	}
	many := slices.Repeat([]Window{{Name: "w", Length: Hour}}, MaxWindows+1)
	if err := (Parameters{Windows: many}.WithDefaults()).Validate(); err == nil || !strings.Contains(err.Error(), "51 windows: at most 50") {
		t.Errorf("got %v", err)
	}
}

// TestInstants: instants are written with as few digits as they need, and read back.
func TestInstants(t *testing.T) {
	for us, want := range map[int64]string{0: "1970-01-01 00:00:00Z", 1_500_000: "1970-01-01 00:00:01.5Z", -1: "1969-12-31 23:59:59.999999Z"} {
		text := FormatInstant(us)
		if text != want {
			t.Errorf("%d: got %q", us, text)
		}
		if back, err := ParseInstant(text); err != nil || back != us {
			t.Errorf("%q: got %d, %v", text, back, err)
		}
	}
	if _, err := ParseInstant("yesterday"); err == nil {
		t.Error("no error")
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("wrong")
	var parameter *Error
	if err := NewError(cause); !errors.As(err, &parameter) || !errors.Is(err, cause) || err.Error() != "wrong" {
		t.Errorf("got %v", err)
	}
	if err := Errorf("as_of %q: %w", "x", cause); !errors.As(err, &parameter) || !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}
