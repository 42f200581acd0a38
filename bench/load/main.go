// Command load polls a running server at a steady rate while it makes reports, one after another, and
// prints how long the answers took. Each poll is timed from the moment at which it was due, so that a
// server that stalls does not hide the polls it delayed.
package main

import (
	"bytes"
	"encoding/json"
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
	flag.Parse()
	if err := run(*url, *rate, *length, *parallel); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(url string, rate int, length time.Duration, parallel int) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}, Timeout: 30 * time.Second}
	var current atomic.Value // the id that is polled
	first, err := trigger(client, url)
	if err != nil {
		return err
	}
	current.Store(first)
	stop := make(chan struct{})
	var finished atomic.Int64
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
				if err != nil {
					time.Sleep(100 * time.Millisecond) // a full queue
					continue
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
	return report(results, took, finished.Load())
}

func trigger(client *http.Client, url string) (string, error) {
	response, err := client.Post(url+"/trigger_report", "application/json", bytes.NewReader([]byte(`{"fresh":true}`)))
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
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

func report(results <-chan result, took time.Duration, finished int64) error {
	var times []time.Duration
	running, failed := 0, 0
	for r := range results {
		times = append(times, r.took)
		if r.running {
			running++
		}
		if r.err != nil {
			failed++
		}
	}
	slices.Sort(times)
	at := func(share float64) time.Duration {
		return times[min(len(times)-1, int(share*float64(len(times))))].Round(10 * time.Microsecond)
	}
	fmt.Printf("%d polls in %.1f s (%.0f a second), %d of them of a report in work, %d failed; %d reports finished\n",
		len(times), took.Seconds(), float64(len(times))/took.Seconds(), running, failed, finished)
	fmt.Printf("answered within: median %v, 95 %% %v, 99 %% %v, all %v\n", at(0.5), at(0.95), at(0.99), at(1))
	if failed > 0 {
		return fmt.Errorf("%d polls failed", failed)
	}
	return nil
}
