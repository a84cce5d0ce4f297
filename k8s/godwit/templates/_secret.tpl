{{/* Whether the chart makes the Secret; fails unless there is exactly one source of all three values. */}}
{{- define "godwit.makesSecret" -}}
{{- $given := list -}}
{{- $missing := list -}}
{{- range $key := list "databaseUrl" "redisUrl" "masterKey" -}}
{{- if get $.Values.secrets $key -}}
{{- $given = append $given (printf "secrets.%s" $key) -}}
{{- else -}}
{{- $missing = append $missing (printf "secrets.%s" $key) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.existingSecret $given -}}
{{- fail (printf "existingSecret and %s are both set: keep one of them" (join ", " $given)) -}}
{{- else if not (or .Values.existingSecret $given) -}}
{{- fail "the services have no database, Redis and master key: set existingSecret to the name of a Secret with the keys DATABASE_URL, REDIS_URL and GODWIT_MASTER_KEY (or set secrets.databaseUrl, secrets.redisUrl and secrets.masterKey, to try things out)" -}}
{{- else if and $given $missing -}}
{{- fail (printf "%s not set: without existingSecret all of secrets.databaseUrl, secrets.redisUrl and secrets.masterKey are needed" (join ", " $missing)) -}}
{{- end -}}
{{- if $given }}true{{ end -}}
{{- end -}}

{{- define "godwit.secretName" -}}
{{- if include "godwit.makesSecret" . }}{{ include "godwit.fullname" . }}{{ else }}{{ .Values.existingSecret }}{{ end -}}
{{- end -}}

{{/* One environment variable from a key of the same name. Takes name and secret. */}}
{{- define "godwit.envFromSecret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .name }}
{{- end -}}
