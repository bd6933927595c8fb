/**
 * A tree in etcd, which processes on several machines share.
 *
 * <p>{@link dev.heartwood.etcd.EtcdStore} opens one, {@link dev.heartwood.etcd.EtcdOptions} says how.
 *
 * <pre>{@code
 * try (Store store = EtcdStore.options()
 *         .user("app", "secret")
 *         .tls(Path.of("authorities.pem"))
 *         .open(List.of(URI.create("https://etcd1:2379"), URI.create("https://etcd2:2379")), "my-app")) {
 *     store.put("greeting", "hello");
 * }
 * }</pre>
 */
@NullMarked
package dev.heartwood.etcd;

import org.jspecify.annotations.NullMarked;
