{{- define "codex-auth.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* The address that jobs use. */}}
{{- define "codex-auth.store" -}}
k8s://{{ .Release.Namespace }}/{{ .Values.prefix }}{{ if .Values.plaintextAllowed }}?plaintext=allowed{{ end }}
{{- end }}

{{- define "codex-auth.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
