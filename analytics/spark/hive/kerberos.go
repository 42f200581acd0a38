//go:build kerberos

package hive

// kerberosBuilt reports whether GSSAPI is linked in, which needs the headers of libkrb5 at build time.
const kerberosBuilt = true
