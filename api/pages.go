package api

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// What others wrote of the page is put into web/vendor by `just web` and is not in git: a build
// without it has the plain page alone.
//
//go:embed web/index.html web/plain.html web/app web/vendor
var webFiles embed.FS

// asset is a file of the page.
type asset struct {
	content     []byte
	contentType string
	tag         string
	pack        sync.Once
	gzip, br    []byte // made when first asked for
}

// loadAssets reads the files of the page, by the path that the server has them at.
func loadAssets(files fs.FS) (map[string]*asset, error) {
	assets := map[string]*asset{}
	err := fs.WalkDir(files, "web", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, ".md") {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		assets[strings.TrimPrefix(name, "web")] = &asset{content: content, contentType: contentType(name), tag: hex.EncodeToString(sum[:16])}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("files of the page: %w", err)
	}
	return assets, nil
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".js": // whatever the machine thinks of it
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// packed is the content in the best form that the client takes.
func (a *asset) packed(c *fiber.Ctx) (content []byte, encoding string) {
	a.pack.Do(func() {
		a.br = fasthttp.AppendBrotliBytesLevel(nil, a.content, 9)
		a.gzip = fasthttp.AppendGzipBytesLevel(nil, a.content, 9)
	})
	if c.Get(fiber.HeaderAcceptEncoding) == "" {
		return a.content, ""
	}
	switch encoding = c.AcceptsEncodings("br", "gzip"); encoding {
	case "br":
		return a.br, encoding
	case "gzip":
		return a.gzip, encoding
	}
	return a.content, ""
}

func (a *asset) send(c *fiber.Ctx) error {
	content, encoding := a.packed(c)
	tag := fmt.Sprintf(`"%s%s"`, a.tag, encoding)
	c.Vary(fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderETag, tag)
	if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	if encoding != "" {
		c.Set(fiber.HeaderContentEncoding, encoding)
	}
	c.Set(fiber.HeaderContentType, a.contentType)
	return c.Send(content)
}

// pages are the paths of the dashboard. What each of them shows is up to the page itself, so that a
// link can be shared and reloaded.
func (s *Server) pages() []route {
	html := map[int]answer{200: {about: "the page", media: []string{"text/html"}}, 304: {about: "not modified"}}
	file := map[int]answer{200: {about: "the file", media: []string{"text/javascript", "text/css", "image/svg+xml"}}, 304: {about: "not modified"}}
	var list []route
	for _, page := range [][2]string{
		{"/", "The dashboard: the fleet in the newest report"},
		{"/reports", "The dashboard: reports"},
		{"/reports/{id}", "The dashboard: one report"},
		{"/reports/{id}/stores", "The dashboard: the stores of a report"},
		{"/reports/{id}/stores/{store}", "The dashboard: one store, and why"},
		{"/reports/{id}/store", "The dashboard: one store whose id a path cannot hold (. and ..)"},
		{"/reports/{id}/compare/{other}", "The dashboard: two reports side by side"},
		{"/data", "The dashboard: the input files"},
	} {
		list = append(list, route{method: "GET", path: page[0], handler: s.getPage, summary: page[1], answers: html, page: true})
	}
	for _, folder := range []string{"app", "vendor"} {
		list = append(list, route{method: "GET", path: "/" + folder + "/{file}", handler: s.getAsset(folder), summary: "A file of the dashboard", answers: file, problems: []int{404}, page: true})
	}
	return list
}

// getPage sends the page, or the plain one where the program was built without what others wrote.
func (s *Server) getPage(c *fiber.Ctx) error {
	if _, built := s.assets["/vendor/bootstrap.min.css"]; !built {
		return s.assets["/plain.html"].send(c)
	}
	return s.assets["/index.html"].send(c)
}

func (s *Server) getAsset(folder string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		name := pathValue(c, "file")
		found := s.assets["/"+folder+"/"+name]
		if found == nil {
			return &Problem{Status: fiber.StatusNotFound, Title: "No such file", Detail: "the dashboard has no file " + name}
		}
		return found.send(c)
	}
}
