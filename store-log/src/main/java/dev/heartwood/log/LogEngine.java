package dev.heartwood.log;

/**
 * An engine that keeps logs, selected by the address of its servers: {@link LogAddress#connect()} asks the engines that
 * {@link java.util.ServiceLoader} finds. The module of an engine provides one; programs only need that module on their
 * class path or module path.
 *
 * <p>Implementations are thread-safe and have a public constructor without parameters.
 */
public interface LogEngine {
    /** The form of the addresses, for messages, such as {@code redis://host:6379}. */
    String form();

    /** Whether a server's address belongs to this engine; checks only its beginning, without any connection. */
    boolean accepts(String server);

    /**
     * A connection to the log of a tree. It connects at the first request.
     *
     * @throws IllegalArgumentException if the server's address or the tree's name is not of the engine's form; the
     *     message omits the parts that may contain a password
     */
    SharedLog connect(LogAddress address);
}
