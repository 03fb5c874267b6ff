/** A chart with all that charts have: a definition in crds/, hooks of every moment, a subchart, a test. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const hook = (name: string, moment: string, weight = 0) => `
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-${name}
  annotations:
    helm.sh/hook: ${moment}
    helm.sh/hook-weight: "${weight}"
data: {revision: "{{ .Release.Revision }}"}
`;

const job = (name: string, moment: string) => `
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-${name}
  annotations: {helm.sh/hook: ${moment}, helm.sh/hook-delete-policy: "before-hook-creation,hook-succeeded"}
spec:
  backoffLimit: 1
  template: {spec: {restartPolicy: Never, containers: [{name: main, image: done}]}}
`;

const FILES: Readonly<Record<string, string>> = {
	"Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies: [{name: cache, version: 1.0.0}]\n",
	"values.yaml": "replicas: 1\nflavours: [sweet]\ncache: {size: 1Mi}\n",
	"crds/cakes.yaml": `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: cakes.shop.example.com}
spec:
  group: shop.example.com
  scope: Namespaced
  names: {plural: cakes, singular: cake, kind: Cake}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties: {flavours: {type: array, x-kubernetes-list-type: set, items: {type: string}}, layers: {type: integer, default: 2}}
`,
	"templates/cake.yaml": `
apiVersion: shop.example.com/v1
kind: Cake
metadata: {name: {{ .Release.Name }}}
spec: {flavours: {{ .Values.flavours | toJson }}}
`,
	"templates/deployment.yaml": `
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}, labels: {release: {{ .Release.Name }}}}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec: {containers: [{name: main, image: "v:1", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}}
spec: {selector: {app: {{ .Release.Name }}}, ports: [{port: 80}]}
`,
	"templates/lookup.yaml": `
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-seen}
data:
  namespace: {{ (lookup "v1" "Namespace" "" "default").metadata.name | default "unseen" }}
  policy: {{ .Capabilities.APIVersions.Has "policy/v1" | quote }}
  version: {{ .Capabilities.KubeVersion.Version }}
`,
	"templates/before.yaml": hook("before", "pre-install", -5),
	"templates/prepare.yaml": job("prepare", "pre-install"),
	"templates/after.yaml": hook("after", '"post-install,post-upgrade"'),
	"templates/upgrading.yaml": job("upgrading", "pre-upgrade"),
	"templates/tests/reach.yaml": `
apiVersion: v1
kind: Pod
metadata: {name: {{ .Release.Name }}-reach, annotations: {helm.sh/hook: test}}
spec: {restartPolicy: Never, containers: [{name: main, image: done}]}
`,
	"charts/cache/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 1.0.0\n",
	"charts/cache/values.yaml": "size: 2Mi\n",
	"charts/cache/templates/claim.yaml": `
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-cache}
data: {size: {{ .Values.size }}}
`,
};

/** Writes the chart `shop` into `directory`; answers where it is. */
export function writeChart(directory: string): string {
	const chart = join(directory, "shop");
	for (const [name, text] of Object.entries(FILES)) {
		const path = join(chart, name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, text);
	}
	return chart;
}
