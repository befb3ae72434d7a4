// Command oracle answers what the real Multus does with a pod's annotations, for the tests beside it: one question per
// line on stdin, one answer per line on stdout. It runs Multus' own functions, the unexported ones by linkname.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	_ "unsafe"

	"github.com/containernetworking/cni/libcni"
	cnitypes "github.com/containernetworking/cni/pkg/types"
	"github.com/containernetworking/cni/pkg/types/create"
	cniutils "github.com/containernetworking/cni/pkg/utils"
	nettypes "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"
	nadutils "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/utils"
	"gopkg.in/k8snetworkplumbingwg/multus-cni.v4/pkg/k8sclient"
	_ "gopkg.in/k8snetworkplumbingwg/multus-cni.v4/pkg/multus"
	"gopkg.in/k8snetworkplumbingwg/multus-cni.v4/pkg/types"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

//go:linkname parsePodNetworkAnnotation gopkg.in/k8snetworkplumbingwg/multus-cni.v4/pkg/k8sclient.parsePodNetworkAnnotation
func parsePodNetworkAnnotation(podNetworks, defaultNamespace string) ([]*types.NetworkSelectionElement, error)

//go:linkname getIfname gopkg.in/k8snetworkplumbingwg/multus-cni.v4/pkg/multus.getIfname
func getIfname(delegate *types.DelegateNetConf, argif string, idx int) string

type nad struct {
	Namespace string  `json:"namespace"`
	Name      string  `json:"name"`
	Config    *string `json:"config"`
}

type attached struct {
	Result     json.RawMessage      `json:"result"`
	Name       string               `json:"name"`
	Default    bool                 `json:"default"`
	DeviceInfo *nettypes.DeviceInfo `json:"deviceInfo"`
}

type question struct {
	Ask       string            `json:"ask"`
	Text      string            `json:"text"`
	Namespace string            `json:"namespace"`
	Pod       map[string]string `json:"annotations"`
	Nads      []nad             `json:"nads"`
	Before    int               `json:"before"`
	Attached  []attached        `json:"attached"`
}

// selection is types.NetworkSelectionElement, except that nil and empty values differ.
type selection struct {
	Name           string                  `json:"name"`
	Namespace      string                  `json:"namespace"`
	IPs            []string                `json:"ips"`
	Mac            string                  `json:"mac"`
	InfinibandGUID string                  `json:"infiniband-guid"`
	Interface      string                  `json:"interface"`
	PortMappings   []*portMapping          `json:"portMappings"`
	Bandwidth      *types.BandwidthEntry   `json:"bandwidth"`
	DeviceID       string                  `json:"deviceID"`
	CNIArgs        *map[string]interface{} `json:"cni-args"`
	DefaultRoute   *[]net.IP               `json:"default-route"`
	// The addresses in IPs, and the MAC address, in the form in which Go prints them.
	Addresses []string `json:"addresses"`
	Hardware  string   `json:"hardware"`
}

type portMapping struct {
	HostPort      int    `json:"hostPort"`
	ContainerPort int    `json:"containerPort"`
	Protocol      string `json:"protocol"`
	HostIP        string `json:"hostIP"`
}

func networks(q question) (any, error) {
	elements, err := parsePodNetworkAnnotation(q.Text, q.Namespace)
	if err != nil {
		return nil, err
	}
	out := []selection{}
	for _, e := range elements {
		s := selection{
			e.Name, e.Namespace, e.IPRequest, e.MacRequest, e.InfinibandGUIDRequest, e.InterfaceRequest,
			nil, e.BandwidthRequest, e.DeviceID, e.CNIArgs, e.GatewayRequest, []string{}, "",
		}
		for _, text := range e.IPRequest {
			ip, _, err := net.ParseCIDR(text)
			if err != nil {
				ip = net.ParseIP(text)
			}
			s.Addresses = append(s.Addresses, ip.String())
		}
		if mac, err := net.ParseMAC(e.MacRequest); err == nil {
			s.Hardware = mac.String()
		}
		if e.PortMappingsRequest != nil {
			s.PortMappings = []*portMapping{}
		}
		for _, p := range e.PortMappingsRequest {
			if p == nil {
				s.PortMappings = append(s.PortMappings, nil)
			} else {
				s.PortMappings = append(s.PortMappings, &portMapping{p.HostPort, p.ContainerPort, p.Protocol, p.HostIP})
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// clientWith returns a client that answers like the informer of Multus' thick daemon.
func clientWith(nads []nad) (*k8sclient.ClientInfo, error) {
	informer := cache.NewSharedIndexInformer(
		&cache.ListWatch{}, &nettypes.NetworkAttachmentDefinition{}, 0,
		cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc},
	)
	for _, n := range nads {
		object := &nettypes.NetworkAttachmentDefinition{ObjectMeta: metav1.ObjectMeta{Namespace: n.Namespace, Name: n.Name}}
		if n.Config != nil {
			object.Spec.Config = *n.Config
		}
		if err := informer.GetIndexer().Add(object); err != nil {
			return nil, err
		}
	}
	return &k8sclient.ClientInfo{NetDefInformer: informer}, nil
}

type delegate struct {
	Name      string  `json:"name"`
	Interface string  `json:"interface"`
	Master    bool    `json:"master"`
	Refused   *string `json:"refused"`
}

// pod loads all delegates of a pod and names their interfaces, as CmdAdd does before it runs the first plugin.
func pod(q question) (any, error) {
	client, err := clientWith(q.Nads)
	if err != nil {
		return nil, err
	}
	conf := &types.NetConf{MultusNamespace: "kube-system", ConfDir: "/nonexistent"}
	for i := 0; i <= q.Before; i++ {
		config := fmt.Sprintf(`{"cniVersion":"0.4.0","name":"cluster-%d","type":"aws-cni"}`, i)
		loaded, err := types.LoadDelegateNetConf([]byte(config), nil, "", "")
		if err != nil {
			return nil, err
		}
		loaded.MasterPlugin = i == 0
		conf.Delegates = append(conf.Delegates, loaded)
	}
	object := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: q.Namespace, Name: "p", Annotations: q.Pod}}
	if _, _, err := k8sclient.TryLoadPodDelegates(object, conf, client, nil); err != nil {
		return nil, err
	}
	out := []delegate{}
	for i, d := range conf.Delegates {
		ifname := getIfname(d, "eth0", i)
		row := delegate{Name: d.Name, Interface: ifname, Master: d.MasterPlugin}
		if refused := cniutils.ValidateInterfaceName(ifname); refused != nil {
			text := refused.Error()
			row.Refused = &text
		}
		out = append(out, row)
	}
	return out, nil
}

type loaded struct {
	Name    string   `json:"name"`
	Version string   `json:"cniVersion"`
	Types   []string `json:"types"`
}

// config loads a NetworkAttachmentDefinition as getKubernetesDelegate does, then as DelegateAdd hands it to libcni.
func config(q question) (any, error) {
	object := &nettypes.NetworkAttachmentDefinition{ObjectMeta: metav1.ObjectMeta{Namespace: q.Namespace, Name: "n"}}
	object.Spec.Config = q.Text
	bytes, err := nadutils.GetCNIConfig(object, "/nonexistent")
	if err != nil {
		return nil, err
	}
	d, err := types.LoadDelegateNetConf(bytes, nil, "", "")
	if err != nil {
		return nil, err
	}
	if !d.ConfListPlugin {
		conf, err := libcni.ConfFromBytes(d.Bytes)
		if err != nil {
			return nil, err
		}
		return loaded{conf.Network.Name, conf.Network.CNIVersion, []string{conf.Network.Type}}, nil
	}
	list, err := libcni.ConfListFromBytes(d.Bytes)
	if err != nil {
		return nil, err
	}
	out := loaded{list.Name, list.CNIVersion, []string{}}
	for _, plugin := range list.Plugins {
		out.Types = append(out.Types, plugin.Network.Type)
	}
	return out, nil
}

// status creates the annotation from the plugins' results, and writes it to an API server that stores what it receives.
func status(q question) (any, error) {
	var statuses []nettypes.NetworkStatus
	for _, a := range q.Attached {
		var result cnitypes.Result
		var err error
		if result, err = create.CreateFromBytes(a.Result); err != nil {
			return nil, err
		}
		made, err := nadutils.CreateNetworkStatuses(result, a.Name, a.Default, a.DeviceInfo)
		if err != nil {
			return nil, err
		}
		for _, s := range made {
			statuses = append(statuses, *s)
		}
	}
	stored := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "p"},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			body, err := io.ReadAll(r.Body)
			if err == nil {
				err = json.Unmarshal(body, stored)
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(stored)
	}))
	defer server.Close()
	client, err := kubernetes.NewForConfig(&rest.Config{
		Host: server.URL, ContentConfig: rest.ContentConfig{ContentType: "application/json"}, QPS: -1,
	})
	if err != nil {
		return nil, err
	}
	info := &k8sclient.ClientInfo{Client: client}
	if err := k8sclient.SetPodNetworkStatusAnnotation(info, "p", "shop", "", statuses, &types.NetConf{}); err != nil {
		return nil, err
	}
	if text, ok := stored.Annotations[nettypes.NetworkStatusAnnot]; ok {
		return text, nil
	}
	return nil, nil
}

func answer(q question) (out map[string]any) {
	defer func() {
		if r := recover(); r != nil {
			out = map[string]any{"panic": fmt.Sprint(r)}
		}
	}()
	var value any
	var err error
	switch q.Ask {
	case "networks":
		value, err = networks(q)
	case "pod":
		value, err = pod(q)
	case "config":
		value, err = config(q)
	case "status":
		value, err = status(q)
	case "quote":
		value = strconv.Quote(q.Text)
	default:
		err = errors.New("no such question: " + q.Ask)
	}
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return map[string]any{"value": value}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var q question
			if err := json.Unmarshal(line, &q); err != nil {
				fmt.Fprintln(os.Stderr, "not a question:", err)
				os.Exit(2)
			}
			if err := encoder.Encode(answer(q)); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(2)
			}
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
}
