package report

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
)

// xmlWriter writes an XML document element by element, since there may be very many. The encoder escapes what XML
// needs escaped; the texts that it is given have gone through Escape, since XML cannot hold control characters.
type xmlWriter struct {
	out     *bufio.Writer
	encoder *xml.Encoder
	err     error // the first one
}

func newXMLWriter(w io.Writer) *xmlWriter {
	out := bufio.NewWriter(w)
	_, _ = out.WriteString(xml.Header)
	encoder := xml.NewEncoder(out)
	encoder.Indent("", "  ")
	return &xmlWriter{out: out, encoder: encoder}
}

// open begins an element that holds others.
func (x *xmlWriter) open(name string, attributes ...xml.Attr) {
	x.keep(x.encoder.EncodeToken(xml.StartElement{Name: xml.Name{Local: name}, Attr: attributes}))
}

// element writes a whole element.
func (x *xmlWriter) element(value any) { x.keep(x.encoder.Encode(value)) }

// end ends the element that was begun under this name.
func (x *xmlWriter) end(name string) {
	x.keep(x.encoder.EncodeToken(xml.EndElement{Name: xml.Name{Local: name}}))
}

func (x *xmlWriter) keep(err error) {
	if x.err == nil {
		x.err = err
	}
}

// close writes what is left. The error is that of the writer.
func (x *xmlWriter) close() error {
	x.keep(x.encoder.Close())
	_ = x.out.WriteByte('\n')
	if err := x.out.Flush(); err != nil {
		return err
	}
	if x.err != nil {
		return fmt.Errorf("internal error: %w", x.err)
	}
	return nil
}

func attribute(name, value string) xml.Attr {
	return xml.Attr{Name: xml.Name{Local: name}, Value: value}
}

func number(name string, value int) xml.Attr { return attribute(name, strconv.Itoa(value)) }

// groups collects items by file, in the order in which the files are first named.
type groups[T any] struct {
	files []string
	items map[string][]T
}

// add adds an item to those of a file; "" stands for none.
func (g *groups[T]) add(file string, item T) {
	if file != "" {
		file = Escape(portable(file))
	}
	if g.items == nil {
		g.items = map[string][]T{}
	}
	if _, ok := g.items[file]; !ok {
		g.files = append(g.files, file)
	}
	g.items[file] = append(g.items[file], item)
}
