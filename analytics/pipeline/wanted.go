package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"openhours/analytics/engine"
	"openhours/analytics/params"
)

// makeWantedStores creates the relation of the stores asked for, by id or by name, and puts their ids into the parameters.
func (r *Run) makeWantedStores(ctx context.Context) error {
	if err := r.createWanted(ctx, r.Params.Stores); err != nil || len(r.Params.Stores) == 0 {
		return err
	}
	others, err := engine.QueryStrings(ctx, r.Backend.Querier(), `SELECT DISTINCT w.store_id FROM wanted_stores AS w
		WHERE NOT EXISTS (SELECT 1 FROM status_rows AS r WHERE r.store_id = w.store_id)
			AND NOT EXISTS (SELECT 1 FROM hours_rows AS h WHERE h.store_id = w.store_id)
			AND NOT EXISTS (SELECT 1 FROM zones_rows AS z WHERE z.store_id = w.store_id)
			AND NOT EXISTS (SELECT 1 FROM stores_rows AS s WHERE s.store_id = w.store_id)
		ORDER BY store_id`)
	if err != nil {
		return fmt.Errorf("look for the stores asked for: %w", err)
	}
	if len(others) == 0 {
		return nil
	}
	named, err := r.idsByName(ctx)
	if err != nil {
		return err
	}
	var unknown []string
	idOf := map[string]string{}
	for _, name := range others {
		switch ids := named[name]; len(ids) {
		case 0:
			unknown = append(unknown, name)
		case 1:
			idOf[name] = ids[0]
		default:
			return AmbiguousName(name, ids)
		}
	}
	if len(unknown) > 0 {
		return r.unknownStores(ctx, unknown)
	}
	ids := slices.Clone(r.Params.Stores) // whose caller keeps what was asked for
	for i, asked := range ids {
		ids[i] = cmp.Or(idOf[asked], asked)
	}
	r.Params.Stores = ids
	return r.createWanted(ctx, ids)
}

func (r *Run) createWanted(ctx context.Context, stores []string) error {
	wanted := engine.Relation{Name: "wanted_stores", Columns: []engine.Column{{Name: "store_id", Kind: "STRING"}}}
	for _, store := range stores {
		wanted.Rows = append(wanted.Rows, []any{store})
	}
	return r.Backend.CreateRelation(ctx, wanted)
}

// idsByName returns the ids of the stores whose name is one of those asked for. Of two names of a store the models take
// the first.
func (r *Run) idsByName(ctx context.Context) (map[string][]string, error) {
	rows, err := r.Backend.Querier().QueryContext(ctx, `SELECT n.name, n.store_id
		FROM (SELECT s.store_id, min(s.value) AS name FROM stores_rows AS s WHERE s.detail = 'name' GROUP BY s.store_id) AS n
		WHERE n.name IN (SELECT w.store_id FROM wanted_stores AS w) ORDER BY n.name, n.store_id`)
	if err != nil {
		return nil, fmt.Errorf("look for the names asked for: %w", err)
	}
	defer rows.Close()
	named := map[string][]string{}
	for rows.Next() {
		var name, id string
		if err := rows.Scan(&name, &id); err != nil {
			return nil, fmt.Errorf("look for the names asked for: %w", err)
		}
		named[name] = append(named[name], id)
	}
	return named, rows.Err()
}

func (r *Run) unknownStores(ctx context.Context, unknown []string) error {
	nearest, err := r.nearestWords(ctx, unknown[0])
	if err != nil {
		return err
	}
	return params.Errorf("no store %s in the data: %s", listed(unknown, 5), ExactlyMatched(unknown[0], nearest))
}

// ExactlyMatched explains how stores are matched, and names those nearest to one that nobody has.
func ExactlyMatched(asked string, nearest []string) string {
	text := "ids and names are matched exactly (case and spaces included)"
	if len(nearest) > 0 {
		text += "; nearest to " + asked + ": " + strings.Join(nearest, ", ")
	}
	return text
}

// AmbiguousName is the error for a name that several stores have.
func AmbiguousName(name string, ids []string) error {
	return params.Errorf("store %s: %d stores have this name; give the id of one: %s", name, len(ids), listed(ids, 50))
}

// NearestWords is the query for those of some words that differ from a misspelt one by a few letters, not counting their
// case. words selects a column word; asked is the placeholder of the misspelt one, which stands in the query twice. The
// lengths are compared first: the time of a comparison grows with the product of both.
func NearestWords(words, asked string) string {
	return `SELECT d.word FROM (
			SELECT n.word, CASE WHEN abs(length(n.word) - length(` + asked + `)) <= 3 THEN levenshtein(lower(n.word), lower(` + asked + `)) END AS distance
			FROM (` + words + `) AS n
		) AS d WHERE d.distance <= 3 ORDER BY d.distance, d.word LIMIT 3`
}

// nearestWords returns ids and names of the data that are nearly a misspelt one.
func (r *Run) nearestWords(ctx context.Context, asked string) ([]string, error) {
	nearest, err := engine.QueryStrings(ctx, r.Backend.Querier(), NearestWords(`SELECT store_id AS word FROM status_rows UNION SELECT store_id FROM hours_rows
		UNION SELECT store_id FROM zones_rows UNION SELECT store_id FROM stores_rows UNION SELECT value FROM stores_rows WHERE detail = 'name'`, "?"), asked, asked)
	if err != nil {
		return nil, fmt.Errorf("look for stores like the one asked for: %w", err)
	}
	return nearest, nil
}

// listed names the first of a list, and how many more there are.
func listed(all []string, most int) string {
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), len(all)-most)
}
