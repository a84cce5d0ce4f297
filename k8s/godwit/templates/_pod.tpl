{{/* What the pods of the services and of the Job have in common; all of it passes the Pod Security level "restricted". */}}
{{- define "godwit.podSettings" -}}
automountServiceAccountToken: false # Clusters are reached by their registered kubeconfigs, this one too.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: tmp
    # A capture keeps the objects in it while it decides, compressed and encrypted: about a tenth of their JSON.
    emptyDir:
      sizeLimit: 2Gi
{{- with .Values.managedStorage.existingSecret }}
  - name: managed-storage
    secret:
      secretName: {{ . }}
      defaultMode: 0440
{{- end }}
{{- with .Values.extraVolumes }}
{{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "godwit.containerSettings" -}}
image: {{ include "godwit.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- if .Values.managedStorage.existingSecret }}
  - name: managed-storage
    mountPath: /etc/godwit/managed-storage
    readOnly: true
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
