//go:build spark && soak

package analytics_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Those that a Thrift Server asks who somebody is: a real directory, a real Kerberos, and a class of Java.

// runTool runs a program to its end and answers what it printed.
func runTool(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	command := exec.Command(name, args...)
	command.Env = append(os.Environ(), env...)
	said, err := command.Output()
	if err != nil {
		var text []byte
		if failed, ok := err.(*exec.ExitError); ok {
			text = failed.Stderr
		}
		t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, text)
	}
	return string(said)
}

// startServer starts a program that ends with the test, and waits until it listens.
func startServer(t *testing.T, address string, env []string, name string, args ...string) {
	t.Helper()
	command := exec.Command(name, args...)
	command.Env = append(os.Environ(), env...)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	for range 100 {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s does not listen on %s", name, address)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func writeFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// startDirectory starts an LDAP server that knows the user ops; it answers its URL.
func startDirectory(t *testing.T) string {
	dir, address := t.TempDir(), freeAddress(t)
	conf := writeFile(t, filepath.Join(dir, "slapd.conf"), strings.ReplaceAll(`include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
pidfile DIR/pid
database ldif
suffix "dc=openhours"
directory DIR
`, "DIR", dir))
	people := writeFile(t, filepath.Join(dir, "people.ldif"), `dn: dc=openhours
objectClass: dcObject
objectClass: organization
o: openhours
dc: openhours

dn: uid=ops,dc=openhours
objectClass: inetOrgPerson
uid: ops
cn: ops
sn: ops
userPassword: right
`)
	runTool(t, nil, "/usr/sbin/slapadd", "-f", conf, "-l", people)
	startServer(t, address, nil, "/usr/sbin/slapd", "-d", "0", "-h", "ldap://"+address, "-f", conf)
	return "ldap://" + address
}

// startKerberos starts a key distribution centre, and gives this process the ticket of ops. It answers
// the configuration for clients and the keytab of hive/localhost@OPENHOURS.TEST.
func startKerberos(t *testing.T) (conf, keytab string) {
	dir, address := t.TempDir(), freeAddress(t)
	keytab = filepath.Join(dir, "keytab")
	conf = writeFile(t, filepath.Join(dir, "krb5.conf"), fmt.Sprintf(`[libdefaults]
 default_realm = OPENHOURS.TEST
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 OPENHOURS.TEST = {
  kdc = %s
 }
`, address))
	profile := writeFile(t, filepath.Join(dir, "kdc.conf"), fmt.Sprintf(`[kdcdefaults]
 kdc_listen = ""
 kdc_tcp_listen = %[1]s
[realms]
 OPENHOURS.TEST = {
  database_name = %[2]s/principal
  key_stash_file = %[2]s/stash
  acl_file = %[2]s/acl
 }
`, address, dir))
	t.Setenv("KRB5_CONFIG", conf)
	t.Setenv("KRB5CCNAME", "FILE:"+filepath.Join(dir, "tickets"))
	env := []string{"KRB5_KDC_PROFILE=" + profile}
	runTool(t, env, "/usr/sbin/kdb5_util", "create", "-s", "-P", "master", "-r", "OPENHOURS.TEST")
	for _, question := range []string{"addprinc -randkey hive/localhost", "ktadd -k " + keytab + " hive/localhost",
		"addprinc -randkey ops", "ktadd -k " + keytab + ".ops ops"} {
		runTool(t, env, "/usr/sbin/kadmin.local", "-q", question)
	}
	startServer(t, address, env, "/usr/sbin/krb5kdc", "-n", "-r", "OPENHOURS.TEST")
	runTool(t, env, "kinit", "-k", "-t", keytab+".ops", "ops")
	return conf, keytab
}
