/** Run as root with `ava --config packages/proxy/net.config.js`. */
import { walk } from "./proxy-walk.fixture.ts";

walk("nft");
