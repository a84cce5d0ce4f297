{{/*
The Deployment of one service. Takes root (the chart's scope), name, values (of the service), and optionally env (a list),
preStopSeconds, and scaled (true: an autoscaler decides the replicas).
*/}}
{{- define "godwit.deployment" -}}
{{- $root := .root -}}
{{- $secret := include "godwit.secretName" $root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "godwit.fullname" $root }}-{{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "godwit.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
spec:
  {{- if not .scaled }}
  replicas: {{ .values.replicas }}
  {{- end }}
  strategy:
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "godwit.selectorLabels" $root | nindent 6 }}
      app.kubernetes.io/component: {{ .name }}
  template:
    metadata:
      labels:
        {{- with $root.Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- include "godwit.labels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ .name }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ .name }}
        {{- if include "godwit.makesSecret" $root }}
        checksum/secret: {{ toJson $root.Values.secrets | sha256sum }}
        {{- end }}
        {{- with $root.Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "godwit.podSettings" $root | nindent 6 }}
      terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
      topologySpreadConstraints:
        - topologyKey: kubernetes.io/hostname
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "godwit.selectorLabels" $root | nindent 14 }}
              app.kubernetes.io/component: {{ .name }}
      containers:
        - name: {{ .name }}
          {{- include "godwit.containerSettings" $root | nindent 10 }}
          command: [node, --enable-source-maps, apps/{{ .name }}/dist/main.js]
          env:
            {{- range list "DATABASE_URL" "REDIS_URL" "GODWIT_MASTER_KEY" }}
            {{- include "godwit.envFromSecret" (dict "name" . "secret" $secret) | nindent 12 }}
            {{- end }}
            - name: GODWIT_HTTP_HOST
              value: 0.0.0.0
            - name: GODWIT_HTTP_PORT
              value: "7400"
            - name: LOG_LEVEL
              value: {{ $root.Values.logLevel }}
            {{- if $root.Values.managedStorage.existingSecret }}
            - name: GODWIT_MANAGED_STORAGE
              value: /etc/godwit/managed-storage/managed-storage.json
            {{- end }}
            - name: GODWIT_ENDPOINT_NETWORKS
              value: {{ $root.Values.endpointNetworks.allowed | join "," | quote }}
            - name: GODWIT_ENDPOINT_DENIED_NETWORKS
              value: {{ $root.Values.endpointNetworks.denied | join "," | quote }}
            {{- with .env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
            {{- with $root.Values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - name: http
              containerPort: 7400
          startupProbe:
            httpGet: { path: /healthz/live, port: http }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /healthz/live, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /healthz/ready, port: http }
            periodSeconds: 5
            timeoutSeconds: 5
          {{- with .preStopSeconds }}
          lifecycle:
            preStop:
              # Endpoints forget the pod while it still answers.
              sleep: { seconds: {{ . }} }
          {{- end }}
          resources: {{- toYaml .values.resources | nindent 12 }}
{{- end -}}
