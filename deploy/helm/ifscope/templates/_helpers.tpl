{{- define "ifscope.name" -}}
{{- $made := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- .Values.fullnameOverride | default $made | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "ifscope.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "ifscope.name" .) }}{{ else }}{{ .Values.serviceAccount.name | default "default" }}{{ end }}
{{- end }}

{{- define "ifscope.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/*
Called with a dict: root, name and, if they differ from the defaults, namespace (empty: none), labels and annotations. The object's own
values take precedence.
*/}}
{{- define "ifscope.metadata" -}}
name: {{ .name }}
{{- with ternary .namespace .root.Release.Namespace (hasKey . "namespace") }}
namespace: {{ . }}
{{- end }}
labels:
  {{- include "ifscope.labels" .root | nindent 2 }}
  {{- with merge (dict) (.labels | default dict) .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Called with a list: the root, and the component (`server` or `collector`). */}}
{{- define "ifscope.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "ifscope.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{ end }}
{{- end }}

{{- define "ifscope.tokenSecret" -}}
{{ .Values.auth.token.existingSecret | default (printf "%s-token" (include "ifscope.name" .)) }}
{{- end }}

{{- define "ifscope.sessionSecret" -}}
{{ .Values.auth.oidc.existingSecret | default (printf "%s-session" (include "ifscope.name" .)) }}
{{- end }}

{{/* Whether the API server decides what each visitor may see. */}}
{{- define "ifscope.asksForRights" -}}
{{- if and (has .Values.auth.mode (list "proxy" "oidc")) (eq .Values.auth.rights "cluster") }}yes{{ end }}
{{- end }}

{{/* Called with a list: the root and a rule. Whether the flags of rbac.apiGroups grant the rule. DaemonSets are always granted, because aws-node is one. */}}
{{- define "ifscope.grants" -}}
{{- $flags := (index . 0).Values.rbac.apiGroups -}}
{{- $rule := index . 1 -}}
{{- $group := index $rule.apiGroups 0 -}}
{{- if or (not (hasKey $flags $group)) (index $flags $group) (has "daemonsets" $rule.resources) }}yes{{ end }}
{{- end }}

{{/* Called with a list: the root, and the scope of the rules: all, kinds without a namespace (`cluster`), or namespaced kinds (`namespace`). */}}
{{- define "ifscope.rules" -}}
{{- $root := index . 0 -}}
{{- $scope := index . 1 -}}
{{- range $rule := $root.Files.Get "files/rules.json" | fromJsonArray }}
{{- if and (include "ifscope.grants" (list $root $rule)) (or (eq $scope "all") (eq $rule.namespaced (eq $scope "namespace"))) }}
- apiGroups: [{{ index $rule.apiGroups 0 | quote }}]
  resources: {{ toJson $rule.resources }}
  verbs: {{ toJson $rule.verbs }}
{{- end }}
{{- end }}
{{- end }}

{{/* A regular expression of the sources that no rule grants, or only in some namespaces: they are always denied, which is not a problem. */}}
{{- define "ifscope.sourcesOff" -}}
{{- $granted := list -}}
{{- $all := list -}}
{{- range $rule := .Files.Get "files/rules.json" | fromJsonArray }}
{{- $all = concat $all $rule.resources }}
{{- if and (include "ifscope.grants" (list $ $rule)) (not (and $rule.namespaced $.Values.rbac.namespaces)) }}{{ $granted = concat $granted $rule.resources }}{{ end }}
{{- end -}}
{{- $off := list -}}
{{- range uniq $all }}{{ if not (has . $granted) }}{{ $off = append $off (printf "kubernetes/%s" .) }}{{ end }}{{ end -}}
{{- join "|" $off }}
{{- end }}

{{/* Whether visitors, or replicas that follow the collector, need the token. */}}
{{- define "ifscope.hasToken" -}}
{{- if or (ne .Values.auth.mode "none") .Values.collector.enabled }}yes{{ end }}
{{- end }}

{{- define "ifscope.tokenEnv" -}}
valueFrom:
  secretKeyRef:
    name: {{ include "ifscope.tokenSecret" . }}
    key: token
{{- end }}

{{/* Environment variables of every pod. */}}
{{- define "ifscope.commonEnv" -}}
- name: HOST
  value: {{ .Values.bindAddress | quote }}
- name: PORT
  value: "3000"
- name: IFSCOPE_LOG_LEVEL
  value: {{ .Values.log.level }}
- name: IFSCOPE_LOG_FORMAT
  value: {{ .Values.log.format }}
{{- if .Values.config }}
- name: IFSCOPE_CONFIG
  value: /etc/ifscope/ifscope.yaml
{{- end }}
{{- end }}

{{/* Environment variables of the collecting pod: what it reads. */}}
{{- define "ifscope.collectEnv" -}}
- name: IFSCOPE_FROM
  value: in-cluster
{{- with .Values.rbac.namespaces }}
- name: IFSCOPE_NAMESPACES
  value: {{ join "," . | quote }}
{{- end }}
{{- if not .Values.aws.enabled }}
- name: IFSCOPE_EC2
  value: "off"
{{- end }}
{{- if .Values.aws.region }}
- name: AWS_REGION
  value: {{ .Values.aws.region }}
{{- end }}
{{- if not .Values.rbac.awsNodeMetrics }}
- name: IFSCOPE_AWS_NODE
  value: "off"
{{- end }}
{{- end }}

{{- define "ifscope.authEnv" -}}
{{- $auth := .Values.auth -}}
- name: IFSCOPE_AUTH
  value: {{ $auth.mode }}
{{- if ne $auth.mode "none" }}
- name: IFSCOPE_TOKEN
  {{- include "ifscope.tokenEnv" . | nindent 2 }}
{{- end }}
{{- if has $auth.mode (list "proxy" "oidc") }}
- name: IFSCOPE_RIGHTS
  value: {{ if include "ifscope.asksForRights" . }}in-cluster{{ else }}all{{ end }}
{{- end }}
{{- if eq $auth.mode "proxy" }}
- name: IFSCOPE_PROXY_FROM
  value: {{ join "," $auth.proxy.from | quote }}
- name: IFSCOPE_PROXY_USER_HEADER
  value: {{ $auth.proxy.userHeader }}
- name: IFSCOPE_PROXY_GROUPS_HEADER
  value: {{ $auth.proxy.groupsHeader }}
{{- end }}
{{- if eq $auth.mode "oidc" }}
{{- include "ifscope.oidcEnv" . }}
{{- end }}
{{- end }}

{{/* Called with a list: the root and the name of the Service. Adds the Service's host names if the server checks host names. */}}
{{- define "ifscope.hostsEnv" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: IFSCOPE_ALLOWED_HOSTS
  value: $(POD_IP),{{ $name }},{{ $name }}.{{ $root.Release.Namespace }},{{ $name }}.{{ $root.Release.Namespace }}.svc{{ range $root.Values.config.allowHost }},{{ . }}{{ end }}
{{- end }}

{{- define "ifscope.oidcEnv" }}
{{- $oidc := .Values.auth.oidc }}
- name: IFSCOPE_URL
  value: {{ .Values.externalUrl }}
- name: IFSCOPE_OIDC_ISSUER
  value: {{ $oidc.issuer }}
- name: IFSCOPE_OIDC_CLIENT_ID
  value: {{ $oidc.clientId | quote }}
{{- if not $oidc.publicClient }}
- name: IFSCOPE_OIDC_CLIENT_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ include "ifscope.sessionSecret" . }}
      key: client-secret
{{- end }}
- name: IFSCOPE_OIDC_SCOPES
  value: {{ $oidc.scopes | quote }}
- name: IFSCOPE_OIDC_USER_CLAIM
  value: {{ $oidc.userClaim | quote }}
- name: IFSCOPE_OIDC_GROUPS_CLAIM
  value: {{ $oidc.groupsClaim | quote }}
{{- with $oidc.userPrefix }}
- name: IFSCOPE_OIDC_USER_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- with $oidc.groupsPrefix }}
- name: IFSCOPE_OIDC_GROUPS_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- with $oidc.sessionMinutes }}
- name: IFSCOPE_SESSION_MINUTES
  value: {{ . | int | quote }}
{{- end }}
- name: IFSCOPE_SESSION_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ include "ifscope.sessionSecret" . }}
      key: session-secret
{{- end }}

{{/* Settings for the Pod Security level restricted, and the image pull secrets. */}}
{{- define "ifscope.podSecurity" -}}
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  {{- with .Values.podSecurityContext }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "ifscope.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "ifscope.placement" -}}
{{- range $key := list "nodeSelector" "tolerations" "affinity" }}
{{- with index $.Values $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/* Called with a dict: root, component, env, resources, automount. */}}
{{- define "ifscope.pod" -}}
{{- $root := .root -}}
{{- with $root.Values -}}
metadata:
  labels:
    {{- include "ifscope.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $.component }}
    {{- with merge (dict) .podLabels .commonLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- $checksum := ternary (dict "checksum/config" (toYaml .config | sha256sum)) (dict) (not (empty .config)) }}
  {{- with merge $checksum .podAnnotations .commonAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "ifscope.serviceAccount" $root }}
  automountServiceAccountToken: {{ $.automount }}
  terminationGracePeriodSeconds: 15
  {{- include "ifscope.podSecurity" $root | nindent 2 }}
  {{- with .priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  containers:
    - name: ifscope
      image: {{ include "ifscope.image" $root }}
      imagePullPolicy: {{ .image.pullPolicy }}
      args: [serve]
      env:
        {{- include "ifscope.commonEnv" $root | nindent 8 }}
        {{- $.env | nindent 8 }}
        {{- with .extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - name: http
          containerPort: 3000
      startupProbe:
        httpGet: &healthz { path: /healthz, port: http }
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: *healthz
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 5
        timeoutSeconds: 5
      {{- include "ifscope.containerSecurity" $root | nindent 6 }}
      resources:
        {{- toYaml $.resources | nindent 8 }}
      {{- if or .config .extraVolumeMounts }}
      volumeMounts:
        {{- if .config }}
        - name: config
          mountPath: /etc/ifscope
          readOnly: true
        {{- end }}
        {{- with .extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
  {{- if or .config .extraVolumes }}
  volumes:
    {{- if .config }}
    - name: config
      configMap:
        name: {{ include "ifscope.name" $root }}
    {{- end }}
    {{- with .extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  {{- with include "ifscope.placement" $root | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- if and (gt (int .replicas) 1) (eq $.component "server") }}
  topologySpreadConstraints:
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "ifscope.selector" (list $root "server") | nindent 10 }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}
