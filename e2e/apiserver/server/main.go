// Command kube-apiserver-with-etcd is one real kube-apiserver with a real etcd inside the same process,
// for ifscope's tests: no container engine, no second binary.
//
//	kube-apiserver-with-etcd --etcd-data-dir DIR [kube-apiserver flags]
//
// It stops with its parent's SIGTERM; etcd keeps its data in DIR, so a restart on the same DIR is a restart of the cluster.
package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

const dataDirFlag = "--etcd-data-dir="

func main() {
	dir := ""
	rest := []string{os.Args[0]}
	for _, arg := range os.Args[1:] {
		if strings.HasPrefix(arg, dataDirFlag) {
			dir = strings.TrimPrefix(arg, dataDirFlag)
			continue
		}
		rest = append(rest, arg)
	}
	if dir == "" {
		fail(fmt.Errorf("%sDIR is required", dataDirFlag))
	}
	endpoint, err := startEtcd(dir)
	if err != nil {
		fail(err)
	}
	os.Args = append(rest, "--etcd-servers="+endpoint)
	os.Exit(cli.Run(app.NewAPIServerCommand()))
}

// startEtcd runs one etcd member on free loopback ports and waits until it serves.
func startEtcd(dir string) (string, error) {
	client, err := freeURL()
	if err != nil {
		return "", err
	}
	peer, err := freeURL()
	if err != nil {
		return "", err
	}
	cfg := embed.NewConfig()
	cfg.Dir = dir
	cfg.UnsafeNoFsync = true // test data: nothing to lose with the machine
	cfg.LogLevel = "error"
	cfg.ListenClientUrls, cfg.AdvertiseClientUrls = []url.URL{client}, []url.URL{client}
	cfg.ListenPeerUrls, cfg.AdvertisePeerUrls = []url.URL{peer}, []url.URL{peer}
	cfg.InitialCluster = cfg.InitialClusterFromName(cfg.Name)
	server, err := embed.StartEtcd(cfg)
	if err != nil {
		return "", err
	}
	select {
	case <-server.Server.ReadyNotify():
		return client.String(), nil
	case err := <-server.Err():
		return "", err
	case <-time.After(60 * time.Second):
		return "", fmt.Errorf("etcd was not ready after 60 s")
	}
}

func freeURL() (url.URL, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return url.URL{}, err
	}
	defer listener.Close()
	return url.URL{Scheme: "http", Host: listener.Addr().String()}, nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
