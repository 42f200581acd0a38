package api

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"

	"openhours/analytics/queue"
)

// Metrics are the numbers of /metrics, in a registry of their own.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	steps    *prometheus.HistogramVec
	reports  *prometheus.CounterVec
	rows     *prometheus.CounterVec
}

// NewMetrics makes an empty set.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "openhours_http_request_seconds",
			Help: "Time to answer requests, by route.", Buckets: []float64{.001, .005, .02, .05, .1, .5, 1, 5, 30}}, []string{"method", "route", "status"}),
		steps: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "openhours_report_step_seconds",
			Help: "Time of each step of a report.", Buckets: []float64{.001, .01, .1, .5, 1, 5, 30, 120}}, []string{"step"}),
		reports: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "openhours_reports_finished_total", Help: "Runs of reports that ended, by state."}, []string{"state"}),
		rows:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "openhours_rows_total", Help: "Rows that reports read, by whether they were accepted."}, []string{"result"}),
	}
	m.registry.MustRegister(m.requests, m.steps, m.reports, m.rows, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observer counts what the queue reports.
func (m *Metrics) Observer() queue.Observer {
	return queue.Observer{
		Step: func(name string, seconds float64) { m.steps.WithLabelValues(name).Observe(seconds) },
		Finished: func(state queue.State, read, rejected int64) {
			m.reports.WithLabelValues(string(state)).Inc()
			m.rows.WithLabelValues("accepted").Add(float64(read - rejected))
			m.rows.WithLabelValues("rejected").Add(float64(rejected))
		},
	}
}

func (m *Metrics) request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Watch adds the gauges that are read at each scrape.
func (m *Metrics) Watch(reports interface {
	Counts() (states map[queue.State]int, waiting int)
}, duckdb interface {
	MemoryBytes(ctx context.Context) (int64, error)
}) {
	for _, state := range []queue.State{queue.Queued, queue.Running, queue.Complete, queue.Failed, queue.Cancelled} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "openhours_reports",
			Help: "Reports in the folder, by state.", ConstLabels: prometheus.Labels{"state": string(state)}}, func() float64 {
			states, _ := reports.Counts()
			return float64(states[state])
		}))
	}
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "openhours_queue_length", Help: "Reports that wait."}, func() float64 {
			_, waiting := reports.Counts()
			return float64(waiting)
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "openhours_duckdb_memory_bytes", Help: "Memory that DuckDB counts."}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			bytes, err := duckdb.MemoryBytes(ctx)
			if err != nil {
				return -1
			}
			return float64(bytes)
		}))
}

func (s *Server) getMetrics(c *fiber.Ctx) error {
	families, err := s.o.Metrics.registry.Gather()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, string(expfmt.NewFormat(expfmt.TypeTextPlain)))
	encoder := expfmt.NewEncoder(c.Response().BodyWriter(), expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, family := range families {
		if err := encoder.Encode(family); err != nil {
			return err
		}
	}
	return nil
}
