/** Something valid of many kinds, named `sample` in the namespace `fuzz`: what is bent. */
import { type AnyKind, KINDS } from "@berth/api";
import type { Road } from "./road.ts";

export const NAMESPACE = "fuzz";
export const NAME = "sample";

export interface Sample {
	readonly kind: AnyKind;
	/** Path of the collection. */
	readonly path: string;
	/** As the server answered it. */
	readonly object: Readonly<Record<string, unknown>>;
	/** The same in protobuf, in Kubernetes' envelope. */
	readonly protobuf: Uint8Array;
}

const template = {
	metadata: { labels: { a: "b" } },
	spec: {
		containers: [
			{
				name: "c",
				image: "example.com/i",
				ports: [{ name: "web", containerPort: 80 }],
				env: [{ name: "E", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
				resources: { requests: { cpu: "100m", memory: "64Mi" } },
				livenessProbe: { httpGet: { path: "/", port: "web" } },
			},
		],
		volumes: [
			{ name: "v", projected: { sources: [{ configMap: { name: "x" } }] } },
			{ name: "w", emptyDir: { sizeLimit: "1Gi" } },
		],
		tolerations: [{ key: "k", operator: "Exists" }],
		affinity: {
			podAntiAffinity: {
				requiredDuringSchedulingIgnoredDuringExecution: [
					{ labelSelector: { matchLabels: { a: "b" } }, topologyKey: "kubernetes.io/hostname" },
				],
			},
		},
		topologySpreadConstraints: [
			{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector: {} },
		],
	},
};
const workload = { replicas: 1, selector: { matchLabels: { a: "b" } }, template };
const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
const job = { completions: 2, template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } };
const subjects = [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "u" }];
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }];
const url = "https://127.0.0.1:1/";

const BODIES: Readonly<Record<string, object>> = {
	Pod: { spec: { ...template.spec, schedulerName: "nobody" } },
	Service: {
		spec: { type: "NodePort", ports: [{ name: "p", port: 80, targetPort: "web" }], selector: { a: "b" } },
	},
	Namespace: {},
	Node: {
		spec: { unschedulable: true, taints: [{ key: "k", effect: "NoSchedule" }] },
		status: { capacity: { cpu: "1" } },
	},
	ConfigMap: { data: { a: "b" }, binaryData: { c: "AA==" } },
	Secret: { type: "Opaque", data: { a: "AA==" } },
	ServiceAccount: { imagePullSecrets: [{ name: "s" }] },
	Endpoints: { subsets: [{ addresses: [{ ip: "10.0.0.1" }], ports: [{ port: 80 }] }] },
	EndpointSlice: { addressType: "IPv4", endpoints: [{ addresses: ["10.0.0.1"] }], ports: [{ port: 80 }] },
	Lease: { spec: { holderIdentity: "me", leaseDurationSeconds: 10 } },
	Deployment: { spec: workload },
	ReplicaSet: { spec: workload },
	DaemonSet: { spec: { selector: workload.selector, template } },
	StatefulSet: {
		spec: { ...workload, serviceName: "s", volumeClaimTemplates: [{ metadata: { name: "d" }, spec: claim }] },
	},
	Job: { spec: job },
	CronJob: { spec: { schedule: "*/5 * * * *", jobTemplate: { spec: job } } },
	HorizontalPodAutoscaler: {
		spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: NAME }, maxReplicas: 3 },
	},
	PodDisruptionBudget: { spec: { minAvailable: "50%", selector: workload.selector } },
	PriorityClass: { value: 5 },
	ReplicationController: { spec: { replicas: 1, selector: { a: "b" }, template } },
	LimitRange: { spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "9Ti" } }] } },
	ResourceQuota: { spec: { hard: { "count/leases.coordination.k8s.io": "5000" } } },
	PersistentVolume: {
		spec: {
			accessModes: ["ReadWriteOnce"],
			capacity: { storage: "1Gi" },
			csi: { driver: "d.x", volumeHandle: "h" },
		},
	},
	PersistentVolumeClaim: { spec: claim },
	StorageClass: { provisioner: "x.example/y" },
	Role: { rules },
	ClusterRole: { rules, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { fuzz: "none" } }] } },
	RoleBinding: { subjects, roleRef },
	ClusterRoleBinding: { subjects, roleRef },
	Ingress: {
		spec: {
			rules: [
				{
					host: "a.example",
					http: {
						paths: [
							{ path: "/", pathType: "Prefix", backend: { service: { name: "s", port: { number: 80 } } } },
						],
					},
				},
			],
		},
	},
	NetworkPolicy: {
		spec: {
			podSelector: {},
			ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }] }],
		},
	},
	ResourceClaim: { spec: { devices: { requests: [{ name: "r", exactly: { deviceClassName: "d" } }] } } },
	DeviceClass: { spec: { selectors: [{ cel: { expression: "device.driver == 'x'" } }] } },
	RuntimeClass: { handler: "h" },
	FlowSchema: { spec: { priorityLevelConfiguration: { name: "workload-low" }, matchingPrecedence: 9_000 } },
	ValidatingWebhookConfiguration: {
		webhooks: [
			{
				name: "a.b.c",
				clientConfig: { url },
				rules: [{ operations: ["CREATE"], apiGroups: ["none"], apiVersions: ["v1"], resources: ["none"] }],
				sideEffects: "None",
				admissionReviewVersions: ["v1"],
			},
		],
	},
	ValidatingAdmissionPolicy: {
		spec: {
			matchConstraints: {
				resourceRules: [
					{ operations: ["CREATE"], apiGroups: ["none"], apiVersions: ["v1"], resources: ["none"] },
				],
			},
			validations: [{ expression: "true" }],
		},
	},
	Event: { involvedObject: { kind: "Pod", namespace: NAMESPACE, name: "p" }, reason: "r", type: "Normal" },
	TokenReview: { spec: { token: "a.b.c" } },
	SubjectAccessReview: { spec: { user: "u", resourceAttributes: { verb: "get", resource: "pods" } } },
	CustomResourceDefinition: {
		metadata: { name: "samples.fuzz.example" },
		spec: {
			group: "fuzz.example",
			scope: "Namespaced",
			names: { plural: "samples", kind: "Sample" },
			versions: [
				{
					name: "v1",
					served: true,
					storage: true,
					subresources: { status: {} },
					schema: {
						openAPIV3Schema: {
							type: "object",
							properties: {
								spec: { type: "object", properties: { list: { type: "array", items: { type: "string" } } } },
							},
						},
					},
				},
			],
		},
	},
};

export const collectionOf = (kind: AnyKind): string =>
	`${kind.group ? `/apis/${kind.group}` : "/api"}/${kind.version}/${kind.namespaced ? `namespaces/${NAMESPACE}/` : ""}${kind.plural}`;

const PROTOBUF = "application/vnd.kubernetes.protobuf";

/** Creates what is missing of the samples. */
export async function plantSamples(road: Road): Promise<readonly Sample[]> {
	await road.ask({
		method: "POST",
		path: "/api/v1/namespaces",
		body: JSON.stringify({ metadata: { name: NAMESPACE } }),
	});
	const samples: Sample[] = [];
	for (const kind of KINDS) {
		const body = BODIES[kind.kind];
		if (!body || kind.stored || kind.group === "events.k8s.io") continue;
		const path = collectionOf(kind);
		const text = JSON.stringify({
			apiVersion: kind.apiVersion,
			kind: kind.kind,
			metadata: { name: NAME },
			...body,
		});
		const created = await road.ask({ method: "POST", path, body: text });
		if (created.code !== 201 && created.code !== 409) throw new Error(`${kind.kind}: ${created.text()}`);
		if (kind.virtual) {
			samples.push({ kind, path, object: JSON.parse(text), protobuf: new Uint8Array() });
			continue;
		}
		const name = created.code === 201 ? JSON.parse(created.text()).metadata.name : NAME;
		const { body: protobuf } = await road.ask({
			method: "GET",
			path: `${path}/${name}`,
			headers: { accept: PROTOBUF },
		});
		const got = await road.ask({ method: "GET", path: `${path}/${name}` });
		samples.push({
			kind,
			path,
			object: got.code === 200 ? JSON.parse(got.text()) : JSON.parse(text),
			protobuf,
		});
	}
	return samples;
}
