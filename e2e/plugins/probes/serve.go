// Copied by build.ts into each plugin's own package, with the file of that plugin that defines `load` and `shape`.
//
// With IFSCOPE_PROBE set, the plugin reads one config per line and prints one line for each: what its own code makes of it, or
// its error. It prints `shape` first: the JSON keys and Go types that it decodes.
package main

import (
	"bufio"
	"encoding"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/containernetworking/cni/pkg/types"
)

type probeAnswer struct {
	Error string `json:"error,omitempty"`
	Conf  any    `json:"conf,omitempty"`
}

// probeHostReasons are texts of errors that depend on the node that runs the plugin, not on the config.
var probeHostReasons = []string{
	"Link not found",
	"no default route interface found",
	"operation not permitted",
	"failed to open netns",
	"not found or unsupported",
	"error with host device",
	"unable to locate",
}

// probeHost reports whether an error is one of these.
func probeHost(err error) bool {
	for _, reason := range probeHostReasons {
		if strings.Contains(err.Error(), reason) {
			return true
		}
	}
	return false
}

func probeOne(line []byte) (answer probeAnswer) {
	defer func() {
		if crash := recover(); crash != nil {
			answer = probeAnswer{Error: fmt.Sprintf("panic: %v", crash)}
		}
	}()
	conf, err := probeLoad(line)
	if err != nil && probeHost(err) {
		return probeAnswer{Error: "host: " + err.Error()}
	}
	if err != nil {
		return probeAnswer{Error: err.Error()}
	}
	return probeAnswer{Conf: conf}
}

func init() {
	if os.Getenv("IFSCOPE_PROBE") == "" {
		return
	}
	out := bufio.NewWriter(os.Stdout)
	write := func(value any) {
		line, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		out.Write(append(line, '\n'))
	}
	write(probeShapeOf(reflect.TypeOf(probeShape())))
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	for in.Scan() {
		write(probeOne(in.Bytes()))
	}
	out.Flush()
	os.Exit(0)
}

var probeText = reflect.TypeOf((*encoding.TextUnmarshaler)(nil)).Elem()
var probeJSON = reflect.TypeOf((*json.Unmarshaler)(nil)).Elem()

// probeShapeOf returns the type's name as in `lib/cni/base/fields.ts`.
func probeShapeOf(t reflect.Type) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	pointer := reflect.PointerTo(t)
	switch {
	case t == reflect.TypeOf(types.IPNet{}):
		return "range"
	case t == reflect.TypeOf(types.Route{}):
		return "route"
	case t.String() == "net.IP":
		return "address"
	case pointer.Implements(probeText) || pointer.Implements(probeJSON):
		return t.String()
	}
	switch t.Kind() {
	case reflect.Slice:
		return []any{probeShapeOf(t.Elem())}
	case reflect.Map:
		if t.Elem().Kind() == reflect.Interface {
			return "object"
		}
		return map[string]any{"*": probeShapeOf(t.Elem())}
	case reflect.Struct:
		fields := map[string]any{}
		probeFields(t, fields)
		return fields
	case reflect.Interface:
		return "any"
	}
	return t.Kind().String()
}

func probeFields(t reflect.Type, into map[string]any) {
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag == "-" || (!field.IsExported() && !field.Anonymous) {
			continue
		}
		inner := field.Type
		for inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if field.Anonymous && tag == "" && inner.Kind() == reflect.Struct {
			embedded := map[string]any{}
			probeFields(inner, embedded)
			for key, value := range embedded {
				if _, outer := into[key]; !outer {
					into[key] = value
				}
			}
			continue
		}
		if tag == "" {
			tag = field.Name
		}
		into[tag] = probeShapeOf(field.Type)
	}
}
