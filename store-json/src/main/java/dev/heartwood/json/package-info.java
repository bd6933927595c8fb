/**
 * Trees as JSON: read and written exactly, strictly and within limits; patches; mapping to and from users' classes.
 * <p>Begin with {@link dev.heartwood.json.Json}, which reads and writes, and {@link dev.heartwood.json.JsonPatch}, which
 * converts differences to JSON and back. {@link dev.heartwood.json.JsonOptions} has the limits and other options.
 *
 * <pre>{@code
 * Store store = Json.readStore("{\"name\": \"Ada\", \"big\": 12345678901234567890}");
 * Snapshot before = store.snapshot();
 * store.put("name", "Ada L.");
 * System.out.println(Json.pretty(store));                        // keys in order, numbers exact
 *
 * JsonPatch patch = JsonPatch.of(before.diff(store.snapshot()));
 * System.out.println(patch);                                     // [{"op":"replace","path":"/name","value":"Ada L."}]
 * patch.inverse(before).applyTo(store);                          // RFC 6902, all of it or nothing
 * }</pre>
 */
@NullMarked
package dev.heartwood.json;

import org.jspecify.annotations.NullMarked;
