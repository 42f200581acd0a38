// Package hive is a database/sql driver for the Thrift Server of Apache Spark: every connection is a
// session with its own temporary views. It runs and cancels statements and returns their rows; it is
// independent of reports.
package hive

import (
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/beltran/gohive"
)

// Options hold the address of a Thrift Server and the credentials.
type Options struct {
	Address   string // host:port
	Auth      string // the server's hive.server2.authentication: NOSASL (no authentication), NONE, LDAP or CUSTOM (user and password), KERBEROS
	User      string
	Password  string
	Service   string // Kerberos: the first part of the server's principal
	HTTPPath  string // path of a server in HTTP mode; "": binary mode
	TLS       bool
	TLSConfig *tls.Config // nil: that of the system
}

// authModes are the authentication modes, as gohive and the server name them.
var authModes = []string{"NOSASL", "NONE", "LDAP", "CUSTOM", "KERBEROS"}

// Validate reports every fault at once.
func (o Options) Validate() error {
	var faults []error
	if _, _, err := o.hostPort(); err != nil {
		faults = append(faults, err)
	}
	known := false
	for _, mode := range authModes {
		known = known || mode == o.Auth
	}
	if !known {
		faults = append(faults, fmt.Errorf("authentication %q: must be one of %s", o.Auth, strings.Join(authModes, ", ")))
	}
	if o.HTTPPath != "" && o.Auth != "NONE" && o.Auth != "KERBEROS" {
		faults = append(faults, fmt.Errorf("authentication %s over HTTP: there it is NONE, with user and password, or KERBEROS", o.Auth))
	}
	if o.Auth == "KERBEROS" && o.Service == "" {
		faults = append(faults, errors.New("authentication KERBEROS: it needs the service, the first part of the server's principal"))
	}
	if o.Auth == "KERBEROS" && !kerberosBuilt {
		faults = append(faults, errors.New("authentication KERBEROS: this program was built without it: build it with `go build -tags kerberos .`"))
	}
	return errors.Join(faults...)
}

func (o Options) hostPort() (host string, port int, err error) {
	host, text, err := net.SplitHostPort(o.Address)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil || host == "" || port < 1 || port > 65535 {
		return "", 0, fmt.Errorf("address %q of the Thrift Server: write it like 127.0.0.1:10000", o.Address)
	}
	return host, port, nil
}

// Loopback reports whether the server is on this machine, and so sees its files.
func (o Options) Loopback() bool {
	host, _, err := o.hostPort()
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// UnreachableError is returned if a session cannot be opened or was lost.
type UnreachableError struct {
	Address string
	cause   error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("the Spark Thrift Server at %s does not answer: %v", e.Address, e.cause)
}

func (e *UnreachableError) Unwrap() error { return e.cause }

// Unreachable marks the error as one after which the server may come back.
func (e *UnreachableError) Unreachable() bool { return true }

// StatementError is Spark's error for a failed statement.
type StatementError struct {
	Class   string // Spark's error class, such as PATH_NOT_FOUND; "" if it gave none
	Message string
}

func (e *StatementError) Error() string { return "Spark: " + e.Message }

const (
	connectTimeout = 10 * time.Second
	// socketTimeout limits the wait for one response. Statements run in the background and are polled, so
	// only an unreachable server takes this long.
	socketTimeout = 90 * time.Second
	fetchRows     = 10_000
)

// Connector opens sessions.
type Connector struct {
	o    Options
	note string
}

// NewConnector returns a connector for sql.OpenDB. The note precedes every statement as a comment, which
// the cluster's pages show as the description of its jobs.
func NewConnector(o Options, note string) *Connector {
	return &Connector{o, strings.NewReplacer("*/", "", "$", "").Replace(note)}
}

// Driver implements driver.Connector.
func (c *Connector) Driver() driver.Driver { return noDriver{} }

type noDriver struct{}

func (noDriver) Open(string) (driver.Conn, error) {
	return nil, errors.New("the Spark driver is opened by its connector")
}

// Connect opens a session and checks that the server is recent enough.
func (c *Connector) Connect(ctx context.Context) (driver.Conn, error) {
	session, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := session.checkVersion(ctx); err != nil {
		return nil, errors.Join(err, session.Close())
	}
	return session, nil
}

func (c *Connector) open(ctx context.Context) (*session, error) {
	host, port, err := c.o.hostPort()
	if err != nil {
		return nil, err
	}
	configuration := gohive.NewConnectConfiguration()
	configuration.Username, configuration.Password, configuration.Service = c.o.User, c.o.Password, c.o.Service
	configuration.ConnectTimeout, configuration.SocketTimeout, configuration.HttpTimeout = connectTimeout, socketTimeout, socketTimeout
	configuration.FetchSize = fetchRows
	if configuration.Username == "" {
		configuration.Username = "openhours"
	}
	if c.o.HTTPPath != "" {
		configuration.TransportMode, configuration.HTTPPath = "http", c.o.HTTPPath
	}
	if c.o.TLS {
		if configuration.TLSConfig = c.o.TLSConfig; configuration.TLSConfig == nil {
			configuration.TLSConfig = &tls.Config{ServerName: host}
		}
	}
	type opened struct {
		conn *gohive.Connection
		err  error
	}
	// gohive takes no context, and blocks if the server expects another kind of authentication
	result := make(chan opened, 1)
	go func() {
		conn, err := connect(host, port, c.o.Auth, configuration)
		result <- opened{conn, err}
	}()
	limit := time.NewTimer(2 * connectTimeout)
	defer limit.Stop()
	giveUp := func(cause error) error {
		go func() {
			if late := <-result; late.err == nil {
				_ = late.conn.Close() // the caller has given up
			}
		}()
		return cause
	}
	select {
	case r := <-result:
		if r.err != nil {
			return nil, c.o.explain(r.err)
		}
		return &session{conn: r.conn, address: c.o.Address, note: c.note}, nil
	case <-ctx.Done():
		return nil, giveUp(ctx.Err())
	case <-limit.C:
		return nil, giveUp(c.o.explain(errors.New("no session within " + (2 * connectTimeout).String())))
	}
}

// connect opens a session. It recovers from gohive's panics at unexpected responses.
func connect(host string, port int, auth string, configuration *gohive.ConnectConfiguration) (conn *gohive.Connection, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("an answer that is not understood: %v", fault)
		}
	}()
	return gohive.Connect(host, port, auth, configuration)
}

// explain adds the likely cause to a failed connection. The Kerberos library ends its messages with a line
// feed.
func (o Options) explain(err error) error {
	var refused *net.OpError
	if errors.As(err, &refused) && refused.Op == "dial" {
		return &UnreachableError{o.Address, err}
	}
	proof := "user, password"
	if o.Auth == "KERBEROS" {
		proof = "service, ticket (kinit)"
	}
	return &UnreachableError{o.Address, &explained{err, fmt.Sprintf("%s (authentication is %s here: is it the server's "+
		"hive.server2.authentication, and are %s and encryption right?)", strings.TrimSpace(err.Error()), o.Auth, proof)}}
}

// explained is an error with a text of its own that wraps its cause.
type explained struct {
	cause error
	text  string
}

func (e *explained) Error() string { return e.text }
func (e *explained) Unwrap() error { return e.cause }

// session is one connection to the server.
type session struct {
	conn    *gohive.Connection
	address string
	note    string
	broken  bool
	version string
}

// oldest is the first major version that can run the models: they use shift operators, SQL functions and
// is_valid_utf8.
const oldest = 4

func (s *session) checkVersion(ctx context.Context) error {
	rows, err := s.QueryContext(ctx, "SELECT version()", nil)
	if err != nil {
		return err
	}
	values := make([]driver.Value, 1)
	if err := errors.Join(rows.Next(values), rows.Close()); err != nil {
		return err
	}
	s.version, _ = values[0].(string)
	s.version, _, _ = strings.Cut(s.version, " ")
	if tooOld(s.version) {
		return fmt.Errorf("the server at %s is Spark %s: %d.0 or later is needed", s.address, s.version, oldest)
	}
	return nil
}

func tooOld(version string) bool {
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	return err != nil || n < oldest
}

// Version returns the version of the server behind a connection.
func Version(conn *sql.Conn) (version string, err error) {
	err = conn.Raw(func(raw any) error {
		s, ok := raw.(*session)
		if !ok {
			return fmt.Errorf("%T is no Spark session", raw)
		}
		version = s.version
		return nil
	})
	return version, err
}

// IsValid implements driver.Validator.
func (s *session) IsValid() bool { return !s.broken }

// Close closes the session, which drops its views.
func (s *session) Close() error {
	err := s.conn.Close()
	if s.broken {
		return nil // the server side is gone
	}
	return err
}

// Prepare implements driver.Conn; statements are always run directly.
func (s *session) Prepare(string) (driver.Stmt, error) {
	return nil, errors.New("the Spark driver prepares no statements")
}

// Begin implements driver.Conn.
func (s *session) Begin() (driver.Tx, error) {
	return nil, errors.New("there are no transactions on Spark")
}

// Ping returns an error if the server does not answer.
func (s *session) Ping(ctx context.Context) error {
	_, err := s.ExecContext(ctx, "SELECT 1", nil)
	return err
}
