package load

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openhours/analytics/enginetest"
	"openhours/analytics/input"
)

func setOf(t *testing.T, name string) input.Set {
	t.Helper()
	sets := input.Sets()
	i := slices.IndexFunc(sets, func(s input.Set) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no set %s", name)
	}
	return sets[i]
}

// TestAttributesOfStores: every other column of a stores file is an attribute, under its header as written; an empty cell
// and a column without a name are none.
func TestAttributesOfStores(t *testing.T) {
	dir := t.TempDir()
	m := &matrixLoader{Loader: preparedLoader(t, enginetest.New(t, dir, 1), dir)}
	for name, text := range map[string]string{
		"fast":  "store_id,name,Brand Name,,region\ns1,N, A ,x,\ns2,,B C,y,West\n",
		"exact": "store_id,name,Brand Name,,region\ns1,N, A ,x,\ns2,,B C,y,West\ns3\n",
	} {
		got, exact, err := m.load(t, setOf(t, input.StoresSet), ".csv", text)
		if err != nil || exact != (name == "exact") {
			t.Fatalf("%s: %v", name, err)
		}
		want := []string{"s1|attribute|Brand Name|A|", "s1|id|||", "s1|name||N|", "s2|attribute|Brand Name|B C|", "s2|attribute|region|West|", "s2|id|||"}
		slices.Sort(got.Accepted)
		if diff := cmp.Diff(want, got.Accepted); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}
