{{/* Prefix of all names, short enough for the longest suffix and for the hash that Kubernetes adds to a pod's name. */}}
{{- define "godwit.fullname" -}}
{{- $name := ternary .Release.Name (printf "%s-godwit" .Release.Name) (contains "godwit" .Release.Name) -}}
{{- $name | trunc 38 | trimSuffix "-" -}}
{{- end -}}

{{/* What never changes of a release; selectors are made of it. */}}
{{- define "godwit.selectorLabels" -}}
app.kubernetes.io/name: godwit
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "godwit.labels" -}}
{{ include "godwit.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "godwit.image" -}}
{{- $repository := required "image.repository is not set: name the image that you built from k8s/Containerfile, such as registry.example.com/godwit" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{ $repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}
