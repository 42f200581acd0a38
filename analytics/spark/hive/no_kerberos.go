//go:build !kerberos

package hive

// kerberosBuilt tells whether GSSAPI is linked in, which wants the headers of libkrb5 at build time.
const kerberosBuilt = false
