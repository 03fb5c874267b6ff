/**
 * Where a webhook or extension server is: a `clientConfig` (or an APIService's `service`) turned into an address to dial
 * and a name to expect behind it.
 */
import { Endpoints, Service, StatusError } from "@berth/api";
import type { Objects } from "../../store/objects.ts";
import { serviceTarget } from "../proxy/target.ts";
import { OutboundError } from "./outbound-error.ts";

/** As webhook configurations, conversions and APIServices write it. */
export interface ClientConfig {
	/** `https://host:port/path`; either this or a service. */
	readonly url?: string | undefined | null;
	readonly service?: ServiceReference | undefined | null;
	/** PEM in base64. Without it the certificate must be one that the whole world trusts. */
	readonly caBundle?: string | undefined | null;
}

export interface ServiceReference {
	readonly namespace: string;
	readonly name: string;
	readonly path?: string | undefined | null;
	/** Default 443. */
	readonly port?: number | undefined | null;
}

export interface Destination {
	/** What the far side is called: in `Host`, and in texts. */
	readonly url: URL;
	/** Where it is dialed. */
	readonly host: string;
	readonly port: number;
	/** The certificate must be for this name. */
	readonly servername: string;
	/** PEM. */
	readonly ca: string | undefined;
}

const HTTPS = 443;

/**
 * Only the name that a configuration gives: for texts, also where nothing can be dialed. Throws an OutboundError for a
 * configuration that names nothing.
 */
export function urlOf({ url, service }: ClientConfig): URL {
	if (url) {
		if (!URL.canParse(url)) throw new OutboundError(`Unparsable webhook URL: ${JSON.stringify(url)}`);
		return new URL(url);
	}
	if (!service) throw new OutboundError("webhook configuration must have either service or URL");
	const made = new URL(`https://${service.name}.${service.namespace}.svc`);
	// Written even where it is the default: assigning the port would drop it.
	made.port = String(service.port ?? HTTPS);
	made.pathname = service.path ?? "/";
	return made;
}

/**
 * The address behind a configuration. A service is dialed at one of its ready endpoints: this process need not be on a
 * node that routes service addresses. Throws an OutboundError when there is none; `random` in [0, 1) chooses.
 */
export function resolve(config: ClientConfig, objects: Objects, random: number): Destination {
	const url = urlOf(config);
	const ca = config.caBundle ? Buffer.from(config.caBundle, "base64").toString() : undefined;
	if (config.url || !config.service) {
		const host = url.hostname.replace(/^\[|\]$/g, "");
		return { url, host, port: Number(url.port || HTTPS), servername: host, ca };
	}
	const { namespace, name, port = HTTPS } = config.service;
	const { host, port: number } = serviceAddress(objects, { namespace, name, port: port ?? HTTPS }, random);
	return { url, host, port: number, servername: url.hostname, ca };
}

function serviceAddress(
	objects: Objects,
	{ namespace, name, port }: { namespace: string; name: string; port: number },
	random: number,
): { readonly host: string; readonly port: number } {
	const key = `${namespace}/${name}`;
	const service = objects.of<Service>(Service).get(key)?.object;
	if (!service) throw new OutboundError(`service ${JSON.stringify(name)} not found`);
	if (service.spec?.type === "ExternalName") return { host: service.spec.externalName ?? "", port };
	const endpoints = objects.of<Endpoints>(Endpoints).get(key)?.object;
	try {
		return serviceTarget(service, endpoints, { scheme: "https", name, port: String(port) }, random);
	} catch (error) {
		if (error instanceof StatusError) throw new OutboundError(error.message);
		throw error;
	}
}
