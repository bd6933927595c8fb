/**
 * A tree in Redis, which processes on several machines share.
 *
 * <p>{@link dev.heartwood.redis.RedisStore} opens one, {@link dev.heartwood.redis.RedisOptions} says how.
 *
 * <pre>{@code
 * try (Store store = RedisStore.options()
 *         .user("app", "secret")
 *         .tls(Path.of("authorities.pem"))
 *         .open(URI.create("rediss://redis.example.com"), "my-app")) {
 *     store.put("greeting", "hello");
 * }
 * }</pre>
 */
@NullMarked
package dev.heartwood.redis;

import org.jspecify.annotations.NullMarked;
