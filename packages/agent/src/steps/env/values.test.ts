import type { Service } from "@berth/api";
import test from "ava";
import { podOf } from "../../pods/decide.world.ts";
import { fieldValue } from "./field-ref.ts";
import { resourceValue } from "./resource-ref.ts";
import { serviceVariables } from "./service-env.ts";

const addresses = { podIps: ["10.244.0.5", "fd00::5"], hostIps: ["10.0.0.1"] };
const pod = {
	...podOf({ nodeName: "host-1", serviceAccountName: "default" }),
	metadata: { ...podOf().metadata, labels: { app: "web", b: 'say "hi"\n' }, annotations: { "x/y": "z" } },
};

test("fields", (t) => {
	const value = (path: string) => fieldValue(path, pod, addresses);
	t.is(value("metadata.name"), "web");
	t.is(value("metadata.uid"), "u1");
	t.is(value("metadata.labels['app']"), "web");
	t.is(value("metadata.labels['nope']"), "");
	t.is(value("metadata.labels['constructor']"), "");
	t.is(value("metadata.annotations['x/y']"), "z");
	t.is(value("metadata.labels"), 'app="web"\nb="say \\"hi\\"\\n"');
	t.is(value("spec.nodeName"), "host-1");
	t.is(value("status.podIP"), "10.244.0.5");
	t.is(value("status.podIPs"), "10.244.0.5,fd00::5");
	t.is(value("status.hostIP"), "10.0.0.1");
	t.is(value("spec.containers"), undefined);
});

test("resources, in units of the divisor, rounded up", (t) => {
	const container = {
		name: "a",
		resources: { limits: { cpu: "250m", memory: "100Mi" }, requests: { cpu: "100m" } },
	};
	const value = (resource: string, divisor?: string, containerName?: string) =>
		resourceValue({ resource, divisor, containerName }, podOf({ containers: [container] }), container, {
			cpu: "4",
			memory: "8Gi",
			"ephemeral-storage": "10Gi",
		});
	t.is(value("limits.cpu"), "1");
	t.is(value("limits.cpu", "1m"), "250");
	t.is(value("requests.cpu", "1m"), "100");
	t.is(value("limits.memory"), `${100 * 1024 * 1024}`);
	t.is(value("limits.memory", "1Mi"), "100");
	t.is(value("requests.memory"), "0");
	t.is(value("limits.ephemeral-storage", "1Gi"), "10", "without a limit, what the node has");
	t.is(value("limits.cpu", "0", "a"), "1");
	t.is(value("limits.cpu", "1", "stranger"), undefined);
	t.is(value("nonsense"), undefined);
});

const serviceOf = (namespace: string, name: string, spec: Service["spec"]): Service => ({
	apiVersion: "v1",
	kind: "Service",
	metadata: { ...podOf().metadata, name, namespace },
	spec,
});

test("services", (t) => {
	const services = [
		serviceOf("default", "kubernetes", { clusterIP: "10.96.0.1", ports: [{ name: "https", port: 443 }] }),
		serviceOf("shop", "redis-main", {
			clusterIP: "10.96.0.7",
			ports: [
				{ port: 6379, protocol: "TCP" },
				{ name: "dns", port: 53, protocol: "UDP" },
			],
		}),
		serviceOf("shop", "headless", { clusterIP: "None", ports: [{ port: 80 }] }),
		serviceOf("other", "far", { clusterIP: "10.96.0.8", ports: [{ port: 80 }] }),
	];
	const variables = new Map(serviceVariables(services, "shop", true));
	t.is(variables.get("KUBERNETES_SERVICE_HOST"), "10.96.0.1");
	t.is(variables.get("KUBERNETES_SERVICE_PORT_HTTPS"), "443");
	t.is(variables.get("REDIS_MAIN_SERVICE_PORT"), "6379");
	t.is(variables.get("REDIS_MAIN_PORT_53_UDP"), "udp://10.96.0.7:53");
	t.is(variables.get("REDIS_MAIN_PORT_6379_TCP_ADDR"), "10.96.0.7");
	t.false([...variables.keys()].some((name) => /HEADLESS|FAR/.test(name)));
	const withoutLinks = serviceVariables(services, "shop", false).map(([name]) => name);
	t.true(withoutLinks.every((name) => name.startsWith("KUBERNETES_")));
	t.true(withoutLinks.length > 0);
});
