package dev.heartwood.redis;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.redis.RespConnection.ErrorAnswer;
import java.util.Set;

/**
 * An error of Redis begins with a word for its kind. Those of a script come after words about the script in Redis 6. The
 * scripts write the position last of all, so one that has failed has appended nothing.
 */
final class RedisErrors {
    private static final Set<String> LATER =
            Set.of("LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "BUSY", "NOREPLICAS", "TRYAGAIN");
    private static final Set<String> NEVER =
            Set.of("OOM", "NOAUTH", "WRONGPASS", "NOPERM", "MISCONF", "WRONGTYPE", "MOVED", "ASK", "EXECABORT");

    private RedisErrors() {}

    /** The failure of a request. */
    static InDoubt of(ErrorAnswer e) throws Unavailable, Refused {
        String words = "Redis: " + e.getMessage();
        if (words.contains("The user executing the script can't")) {
            throw new Refused(words + " Give the user the commands and keys of the tree", e);
        }
        for (String word : String.valueOf(e.getMessage()).split("[^A-Z]+", -1)) {
            if (NEVER.contains(word)) {
                throw new Refused(words + advice(word), e);
            } else if (LATER.contains(word)) {
                throw new Unavailable(words, e);
            }
        }
        return new InDoubt(words, e);
    }

    private static String advice(String word) {
        return switch (word) {
            case "OOM" -> " Give Redis more memory, or delete what is not needed";
            case "MOVED", "ASK" -> " Name the node of the cluster that holds the tree";
            case "MISCONF" -> " Free its disk";
            default -> "";
        };
    }
}
