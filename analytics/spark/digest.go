package spark

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"

	"github.com/beltran/gohive"
)

// States of the talk in which a server of Thrift and its client prove themselves: a byte, the length of
// what follows in four, and that.
const (
	saslOK       = 2
	saslComplete = 5
)

// useToken makes gohive come with a token of a Hadoop cluster, by DIGEST-MD5, to the server at address.
// What such servers call themselves is always the same (SaslRpcServer.SASL_DEFAULT_REALM, with no
// protocol), while gohive takes it from the address that it dials. It answers the host for gohive.
func useToken(configuration *gohive.ConnectConfiguration, address string) (host string) {
	secure := configuration.TLSConfig
	configuration.TLSConfig = nil
	configuration.Service = "null"
	configuration.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		dial := new(net.Dialer).DialContext
		if secure != nil {
			dial = (&tls.Dialer{Config: secure}).DialContext
		}
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &digestConn{Conn: conn}, nil
	}
	return "default"
}

// digestConn lets gohive see the proof of the server. A server in Java sends it along with the word
// that all is done, where gohive does not look at it and then misses it; so the proof is handed over
// first, the answer to it, which the server does not wait for, is kept back, and the word comes then.
type digestConn struct {
	net.Conn
	pending []byte // read and not yet handed over
	proof   bool   // the proof was handed over, its answer has not come
	done    bool   // the talk is over: bytes pass as they are
}

func (c *digestConn) Read(p []byte) (int, error) {
	if len(c.pending) == 0 {
		if c.done {
			return c.Conn.Read(p)
		}
		head := make([]byte, 5)
		if _, err := io.ReadFull(c.Conn, head); err != nil {
			return 0, err
		}
		length := binary.BigEndian.Uint32(head[1:])
		switch {
		case head[0] == saslOK:
		case head[0] == saslComplete && length > 0:
			head[0], c.proof = saslOK, true
		default:
			c.done = true
		}
		if length > 1<<16 { // no challenge of this kind is so long: whatever it is, gohive may judge it
			c.done, c.pending = true, head
		} else {
			c.pending = append(head, make([]byte, length)...)
			if _, err := io.ReadFull(c.Conn, c.pending[5:]); err != nil {
				return 0, err
			}
		}
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

func (c *digestConn) Write(p []byte) (int, error) {
	if c.proof {
		c.proof, c.done = false, true
		c.pending = []byte{saslComplete, 0, 0, 0, 0}
		return len(p), nil
	}
	return c.Conn.Write(p)
}
