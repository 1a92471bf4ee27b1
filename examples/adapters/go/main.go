// An adapter in Go: net/http, as it comes. docs/adapters.md has the protocol.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

type command struct {
	ID       int               `json:"id"`
	Do       string            `json:"do"`
	Kind     string            `json:"kind"`
	On       string            `json:"on"`
	URL      string            `json:"url"`
	Token    string            `json:"token"`
	CAFile   string            `json:"caFile"`
	Method   string            `json:"method"`
	Path     string            `json:"path"`
	Headers  map[string]string `json:"headers"`
	Body     string            `json:"body"`
	WithinMs int               `json:"withinMs"`
}

type answer struct {
	ID      int      `json:"id"`
	Answer  string   `json:"answer"`
	Error   string   `json:"error,omitempty"`
	Version int      `json:"version,omitempty"`
	Name    string   `json:"name,omitempty"`
	Kinds   []string `json:"kinds,omitempty"`
	Status  int      `json:"status,omitempty"`
	Body    string   `json:"body,omitempty"`
}

// errFailed marks what certainly had no effect.
var errFailed = errors.New("failed")

type connection struct {
	client *http.Client
	url    string
	token  string
}

// adapter has what is open, by the lab's names.
type adapter struct {
	mutex       sync.Mutex
	connections map[string]*connection
	output      *json.Encoder
}

func (a *adapter) connect(c command) error {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if c.CAFile != "" {
		pem, err := os.ReadFile(c.CAFile)
		if err != nil {
			return fmt.Errorf("%w: %v", errFailed, err)
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.connections[c.On] = &connection{client: &http.Client{Transport: transport}, url: c.URL, token: c.Token}
	return nil
}

func (a *adapter) find(name string) (*connection, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if found := a.connections[name]; found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("%w: nothing is called %q", errFailed, name)
}

func (a *adapter) request(c command, reply *answer) error {
	to, err := a.find(c.On)
	if err != nil {
		return err
	}
	ctx := context.Background()
	if c.WithinMs > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(c.WithinMs)*time.Millisecond)
		defer cancel()
	}
	req, err := http.NewRequestWithContext(ctx, c.Method, to.url+c.Path, strings.NewReader(c.Body))
	if err != nil {
		return fmt.Errorf("%w: %v", errFailed, err)
	}
	if to.token != "" {
		req.Header.Set("Authorization", "Bearer "+to.token)
	}
	for name, value := range c.Headers {
		req.Header.Set(name, value)
	}
	resp, err := to.client.Do(req)
	if err != nil {
		// Before the connection stands nothing has left.
		var dial *net.OpError
		var certificate *tls.CertificateVerificationError
		if (errors.As(err, &dial) && dial.Op == "dial") || errors.As(err, &certificate) {
			return fmt.Errorf("%w: %v", errFailed, err)
		}
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 10_000))
	if err != nil {
		return err
	}
	reply.Status, reply.Body = resp.StatusCode, string(body)
	return nil
}

func (a *adapter) release(c command) error {
	to, err := a.find(c.On)
	if err != nil {
		return err
	}
	a.mutex.Lock()
	delete(a.connections, c.On)
	a.mutex.Unlock()
	to.client.CloseIdleConnections()
	return nil
}

func (a *adapter) carryOut(c command) {
	reply := answer{ID: c.ID, Answer: "ok"}
	var err error
	switch {
	case c.Do == "hello":
		reply.Version, reply.Name, reply.Kinds = 1, "net/http of "+runtime.Version(), []string{"http"}
	case c.Do == "connect" && c.Kind == "http":
		err = a.connect(c)
	case c.Do == "request":
		err = a.request(c, &reply)
	case c.Do == "release":
		err = a.release(c)
	default:
		err = fmt.Errorf("%w: it cannot %s %s", errFailed, c.Do, c.Kind)
	}
	if err != nil {
		reply.Answer, reply.Error = "unknown", err.Error()
		if errors.Is(err, errFailed) {
			reply.Answer = "failed"
		}
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if err := a.output.Encode(reply); err != nil {
		log.Print(err)
	}
}

func main() {
	a := &adapter{connections: map[string]*connection{}, output: json.NewEncoder(os.Stdout)}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c command
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			log.Print("not understood: ", err)
			continue
		}
		go a.carryOut(c) // Commands are carried out at the same time.
	}
}
