/** A kubeconfig as text, with all its data inside: one file that can be copied anywhere. */

export interface KubeconfigInput {
	/** `https://host:port`. */
	readonly server: string;
	readonly caPem: string;
	/** Names the entry, not the identity: that is in the certificate or token. */
	readonly user: string;
	readonly credentials:
		| { readonly certificatePem: string; readonly keyPem: string }
		| { readonly token: string };
}

const CLUSTER = "berth";

export function renderKubeconfig({ server, caPem, user, credentials }: KubeconfigInput): string {
	const context = `${user}@${CLUSTER}`;
	const secrets =
		"token" in credentials
			? [`    token: ${quoted(credentials.token)}`]
			: [
					`    client-certificate-data: ${base64(credentials.certificatePem)}`,
					`    client-key-data: ${base64(credentials.keyPem)}`,
				];
	return [
		"apiVersion: v1",
		"kind: Config",
		"clusters:",
		`- name: ${CLUSTER}`,
		"  cluster:",
		`    server: ${quoted(server)}`,
		`    certificate-authority-data: ${base64(caPem)}`,
		"users:",
		`- name: ${quoted(user)}`,
		"  user:",
		...secrets,
		"contexts:",
		`- name: ${quoted(context)}`,
		"  context:",
		`    cluster: ${CLUSTER}`,
		`    user: ${quoted(user)}`,
		`current-context: ${quoted(context)}`,
		"preferences: {}",
		"",
	].join("\n");
}

/** JSON strings are YAML strings. */
const quoted = (text: string): string => JSON.stringify(text);
const base64 = (text: string): string => Buffer.from(text).toString("base64");
