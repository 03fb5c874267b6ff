/** Many pods with all that belongs to them come and go, and the host is as it was. The long form: test/bench/soak.ts. */
import test from "ava";
import { hostTraces } from "../host-traces.ts";
import { eventually, namespaceFor, onHost } from "./cluster.ts";

const kubectl = namespaceFor(test, "e2e-soak");
const HOST = "host-2";
const traces = () => hostTraces((script) => onHost(HOST, "sh", "-c", script));

const PROBES = [
	"exec: {command: ['true']}",
	"httpGet: {path: /, port: 8080}",
	"tcpSocket: {port: 8080}",
] as const;

const pods = Array.from(
	{ length: 20 },
	(_, index) => `
apiVersion: v1
kind: Pod
metadata: {name: soak-${index}, labels: {app: soak}}
spec:
  nodeName: ${HOST}
  terminationGracePeriodSeconds: 1
  containers:
    - name: c
      image: berth/hello:1
      resources: {limits: {memory: 32Mi}}
      readinessProbe: {${PROBES[index % PROBES.length]}, periodSeconds: 10, timeoutSeconds: 10}
      volumeMounts: [{name: disk, mountPath: /disk}, {name: memory, mountPath: /memory}, {name: settings, mountPath: /settings}]
  volumes:
    - {name: disk, emptyDir: {}}
    - {name: memory, emptyDir: {medium: Memory}}
    - {name: settings, configMap: {name: settings}}
`,
).join("---");

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: soak}
spec: {selector: {app: soak}, ports: [{port: 80, targetPort: 8080}]}
`;

/** Seconds, on a machine with nothing else to do. Whoever waits in vain is told what each pod waits for. */
async function allReady(): Promise<void> {
	const ready = ["--for=condition=Ready", "pod", "-l", "app=soak", "--timeout=240s"];
	const { code, stderr } = await kubectl.try("wait", ...ready);
	if (code === 0) return;
	const told = await Promise.all([
		kubectl("get", "pods", "-o", "wide"),
		kubectl("get", "pods", "-o", "jsonpath={range .items[*]}{.metadata.name}{' '}{.status}{'\\n'}{end}"),
		kubectl("get", "events", "--sort-by=.lastTimestamp"),
		kubectl("describe", "node", HOST),
		onHost(HOST, "sh", "-c", "docker ps -a; uptime; tail -n 40 /var/log/agent.log"),
	]);
	throw new Error([stderr, ...told].join("\n"));
}

test("twenty pods with volumes, probes and a service leave nothing behind", async (t) => {
	await kubectl("create", "configmap", "settings", "--from-literal=a=1");
	const before = await traces();
	for (let round = 0; round < 2; round += 1) {
		await kubectl.apply(`${SERVICE}---${pods}`);
		await allReady();
		const during = await traces();
		t.true(during.veths >= before.veths + 20);
		t.true(during.rules > before.rules);
		await kubectl("delete", "service/soak");
		await kubectl("delete", "pod", "-l", "app=soak", "--timeout=120s");
		await eventually(async () => t.deepEqual(await traces(), before));
	}
});
