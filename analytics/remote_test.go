package analytics_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"openhours/analytics/csvfile"
	"openhours/analytics/input"
	"openhours/analytics/load"
	"openhours/analytics/storage"
)

// TestSilentObjectStore: whoever waits for an object store that takes a request and says nothing can
// give up.
func TestSilentObjectStore(t *testing.T) {
	asked, over := make(chan struct{}, 100), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-over
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	t.Setenv("AWS_ENDPOINT_URL_S3", "")
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	t.Setenv("AWS_REGION", "us-east-1")
	for name, ask := range map[string]func(context.Context) error{
		"list": func(ctx context.Context) error {
			_, err := input.Fingerprint(ctx, "s3a://polls/data")
			return err
		},
		"look": func(ctx context.Context) error {
			_, err := load.OpenFile(ctx, input.File{Set: input.Sets()[0], Name: "store_status.csv", Path: "s3a://polls/data/store_status.csv"})
			return err
		},
		"read": func(ctx context.Context) error {
			_, err := csvfile.ReadHeader(ctx, "s3a://polls/data/store_status.csv", "store_status.csv")
			return err
		},
		"remove": func(ctx context.Context) error { _, err := storage.RemoveTree(ctx, "s3a://polls/staging"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-asked
				cancel()
			}()
			if err := ask(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}
