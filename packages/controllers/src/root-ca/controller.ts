/** Every namespace has the `kube-root-ca.crt` config map, by which pods trust the API server. */
import { ConfigMap, isAlreadyExists, isNamespaceTerminating, isNotFound, Namespace } from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";

const NAME = "kube-root-ca.crt";
const DESCRIPTION = {
	"kubernetes.io/description":
		"The certificate authority of this cluster's API server, for clients inside the cluster. Written by Berth; changes are undone.",
};

/** `ca` in PEM. */
export const createRootCaController =
	(ca: string) =>
	(environment: ControllerEnvironment): Controller => {
		const { client, informers } = environment;
		const namespaces = informers.of(Namespace);
		const configMaps = informers.of(ConfigMap, { fieldSelector: `metadata.name=${NAME}` });
		const data = { "ca.crt": ca };

		async function reconcile(namespace: string) {
			const found = namespaces.get(namespace);
			if (!found || found.metadata.deletionTimestamp) return undefined;
			const existing = configMaps.get(`${namespace}/${NAME}`);
			if (existing?.data?.["ca.crt"] === ca && Object.keys(existing.data).length === 1) return undefined;
			try {
				if (existing) await client.update(ConfigMap, { ...existing, data });
				else
					await client.create(ConfigMap, {
						metadata: { name: NAME, namespace, annotations: DESCRIPTION },
						data,
					});
			} catch (error) {
				if (!isAlreadyExists(error) && !isNotFound(error) && !isNamespaceTerminating(error)) throw error;
			}
			return undefined;
		}

		return {
			name: "root-ca-certificate-publisher",
			sources: [
				watch(namespaces, (change) => [change.object.metadata.name]),
				watch(configMaps, (change) => [change.object.metadata.namespace ?? ""]),
			],
			reconcile,
		};
	};
