package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// IsRemote reports whether a folder is in an object store, s3a://bucket/prefix. A cluster reads such a
// folder; this process only lists and streams it.
func IsRemote(dir string) bool { return strings.HasPrefix(dir, "s3a://") }

// CleanFolder removes the scheme file: from a local folder.
func CleanFolder(dir string) string {
	if rest, isFile := strings.CutPrefix(dir, "file:"); isFile {
		return "/" + strings.TrimLeft(rest, "/")
	}
	return dir
}

// object is an object or a prefix in an object store. The endpoint and the credentials come from the
// variables that Amazon's own tools read: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, AWS_REGION,
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
type object struct {
	client      *minio.Client
	bucket, key string
}

func newObject(uri string) (object, error) {
	rest := strings.TrimPrefix(uri, "s3a://")
	bucket, key, _ := strings.Cut(rest, "/")
	endpoint := os.Getenv("AWS_ENDPOINT_URL_S3")
	if endpoint == "" {
		endpoint = os.Getenv("AWS_ENDPOINT_URL")
	}
	if endpoint == "" {
		endpoint = "https://s3.amazonaws.com"
	}
	at, err := url.Parse(endpoint)
	if err != nil || at.Host == "" {
		return object{}, fmt.Errorf("AWS_ENDPOINT_URL %q: write it like https://s3.example.com", endpoint)
	}
	client, err := minio.New(at.Host, &minio.Options{Creds: credentials.NewEnvAWS(), Secure: at.Scheme == "https", Region: os.Getenv("AWS_REGION")})
	if err != nil {
		return object{}, fmt.Errorf("object store: %w", err)
	}
	return object{client, bucket, strings.Trim(key, "/")}, nil
}

// objectInfo is an entry of a listing: an object, or the common prefix of several.
type objectInfo struct {
	name  string
	bytes int64
	at    time.Time
	dir   bool
}

func (i objectInfo) Name() string       { return i.name }
func (i objectInfo) Size() int64        { return i.bytes }
func (i objectInfo) ModTime() time.Time { return i.at }
func (i objectInfo) IsDir() bool        { return i.dir }
func (i objectInfo) Sys() any           { return nil }
func (i objectInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir
	}
	return 0
}

// ReadDir lists a folder, local or remote.
func ReadDir(ctx context.Context, dir string) ([]fs.DirEntry, error) {
	if !IsRemote(dir) {
		return os.ReadDir(dir)
	}
	o, err := newObject(dir)
	if err != nil {
		return nil, err
	}
	prefix := o.key
	if prefix != "" {
		prefix += "/"
	}
	var entries []fs.DirEntry
	for found := range o.client.ListObjects(ctx, o.bucket, minio.ListObjectsOptions{Prefix: prefix}) {
		if found.Err != nil {
			return nil, fmt.Errorf("list %s: %w", dir, found.Err)
		}
		name := strings.TrimPrefix(found.Key, prefix)
		if name == "" {
			continue
		}
		entries = append(entries, fs.FileInfoToDirEntry(objectInfo{strings.TrimSuffix(name, "/"), found.Size, found.LastModified, strings.HasSuffix(name, "/")}))
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("list %s: %w", dir, fs.ErrNotExist)
	}
	return entries, nil
}

// Stat returns the size and time of an input file.
func Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	if !IsRemote(name) {
		return os.Stat(name)
	}
	o, err := newObject(name)
	if err != nil {
		return nil, err
	}
	found, err := o.client.StatObject(ctx, o.bucket, o.key, minio.StatObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return objectInfo{path.Base(o.key), found.Size, found.LastModified, false}, nil
}

// Open opens an input file, local or remote.
func Open(ctx context.Context, name string) (io.ReadCloser, error) {
	if !IsRemote(name) {
		return os.Open(name)
	}
	o, err := newObject(name)
	if err != nil {
		return nil, err
	}
	return o.client.GetObject(ctx, o.bucket, o.key, minio.GetObjectOptions{})
}

// Upload copies a local file to an object store.
func Upload(ctx context.Context, local, uri string) error {
	o, err := newObject(uri)
	if err != nil {
		return err
	}
	_, err = o.client.FPutObject(ctx, o.bucket, o.key, local, minio.PutObjectOptions{})
	return err
}

// Download copies an object to a new file in a local folder.
func Download(ctx context.Context, uri, folder string) (local string, err error) {
	source, err := Open(ctx, uri)
	if err != nil {
		return "", err
	}
	defer source.Close()
	copied, err := os.CreateTemp(folder, "*"+path.Ext(uri))
	if err != nil {
		return "", err
	}
	_, err = io.Copy(copied, source)
	if err = errors.Join(err, copied.Close()); err != nil {
		return "", errors.Join(err, remove(copied.Name()))
	}
	return copied.Name(), nil
}

// RemoveTree removes a local folder, or all objects under a remote prefix, and reports whether there were
// any.
func RemoveTree(ctx context.Context, dir string) (found bool, err error) {
	if !IsRemote(dir) {
		_, err := os.Lstat(dir)
		return err == nil, Remove(dir)
	}
	o, err := newObject(dir)
	if err != nil {
		return false, err
	}
	for at := range o.client.ListObjects(ctx, o.bucket, minio.ListObjectsOptions{Prefix: o.key + "/", Recursive: true}) {
		if at.Err != nil {
			return found, at.Err
		}
		found = true
		if err := o.client.RemoveObject(ctx, o.bucket, at.Key, minio.RemoveObjectOptions{}); err != nil {
			return found, err
		}
	}
	return found, nil
}

// Join appends a name to a folder, local or remote.
func Join(dir, name string) string {
	if IsRemote(dir) {
		return strings.TrimRight(dir, "/") + "/" + name
	}
	return filepath.Join(dir, name)
}
