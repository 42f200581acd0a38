// Command load polls a running server at a steady rate while it makes reports, one after another, and
// prints how long the answers took. Each poll is timed from the moment at which it was due, so that a
// server that stalls does not hide the polls it delayed.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

type result struct {
	took    time.Duration
	running bool
	err     error
}

func main() {
	url := flag.String("url", "http://127.0.0.1:8080", "address of the server")
	rate := flag.Int("rate", 200, "polls a second")
	length := flag.Duration("for", 20*time.Second, "how long to poll")
	parallel := flag.Int("reports", 1, "reports in work or waiting at any time")
	asJSON := flag.Bool("json", false, "print the figures as JSON; times in milliseconds")
	flag.Parse()
	if err := run(*url, *rate, *length, *parallel, *asJSON); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(url string, rate int, length time.Duration, parallel int, asJSON bool) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}, Timeout: 30 * time.Second}
	var current atomic.Value // the id that is polled
	first, err := trigger(client, url)
	if err != nil {
		return err
	}
	current.Store(first)
	stop := make(chan struct{})
	var finished atomic.Int64
	var failure atomic.Pointer[error]
	var makers sync.WaitGroup
	for range parallel {
		makers.Add(1)
		go func() {
			defer makers.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				id, err := trigger(client, url)
				if errors.Is(err, errBusy) {
					time.Sleep(100 * time.Millisecond)
					continue
				} else if err != nil {
					failure.Store(&err)
					return
				}
				current.Store(id)
				for poll(client, url, id).running {
					time.Sleep(20 * time.Millisecond)
				}
				finished.Add(1)
			}
		}()
	}
	results := make(chan result, rate*int(length.Seconds()+1))
	var polls sync.WaitGroup
	start := time.Now()
	for i := 0; time.Since(start) < length; i++ {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		polls.Add(1)
		go func() {
			defer polls.Done()
			r := poll(client, url, current.Load().(string))
			r.took = time.Since(due)
			results <- r
		}()
	}
	polls.Wait()
	took := time.Since(start)
	close(results)
	close(stop)
	makers.Wait()
	if err := failure.Load(); err != nil {
		return *err
	}
	f := figuresOf(results, took, finished.Load())
	if asJSON {
		if err := json.NewEncoder(os.Stdout).Encode(f); err != nil {
			return err
		}
	} else {
		f.print()
	}
	if f.Failed > 0 {
		return fmt.Errorf("%d polls failed", f.Failed)
	}
	return nil
}

// errBusy is returned when the server's queue is full.
var errBusy = errors.New("trigger_report answers 503")

func trigger(client *http.Client, url string) (string, error) {
	response, err := client.Post(url+"/trigger_report", "application/json", bytes.NewReader([]byte(`{"fresh":true}`)))
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusServiceUnavailable {
		return "", errBusy
	}
	var answer struct {
		ReportID string `json:"report_id"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusAccepted {
		return "", fmt.Errorf("trigger_report answers %s", response.Status)
	}
	return answer.ReportID, nil
}

func poll(client *http.Client, url, id string) (r result) {
	response, err := client.Get(url + "/get_report?format=json&report_id=" + id)
	if err != nil {
		return result{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("get_report answers %s", response.Status)
	}
	return result{running: bytes.Contains(text, []byte(`"Running"`)), err: err}
}

// figures are what the polls say together. Times are in milliseconds.
type figures struct {
	Polls          int     `json:"polls"`
	PollsPerSecond float64 `json:"polls_per_second"`
	Running        int     `json:"polls_of_a_running_report"`
	Failed         int     `json:"failed"`
	Finished       int64   `json:"reports_finished"`
	Median         float64 `json:"median_ms"`
	P95            float64 `json:"p95_ms"`
	P99            float64 `json:"p99_ms"`
	Most           float64 `json:"most_ms"`
}

func figuresOf(results <-chan result, took time.Duration, finished int64) figures {
	var times []time.Duration
	f := figures{Finished: finished}
	for r := range results {
		times = append(times, r.took)
		if r.running {
			f.Running++
		}
		if r.err != nil {
			f.Failed++
		}
	}
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[min(len(times)-1, int(share*float64(len(times))))].Microseconds()) / 1000
	}
	f.Polls, f.PollsPerSecond = len(times), float64(len(times))/took.Seconds()
	f.Median, f.P95, f.P99, f.Most = at(0.5), at(0.95), at(0.99), at(1)
	return f
}

func (f figures) print() {
	fmt.Printf("%d polls (%.0f a second), %d of them of a report in work, %d failed; %d reports finished\n",
		f.Polls, f.PollsPerSecond, f.Running, f.Failed, f.Finished)
	fmt.Printf("answered within: median %.2f ms, 95 %% %.2f ms, 99 %% %.2f ms, all %.2f ms\n", f.Median, f.P95, f.P99, f.Most)
}
