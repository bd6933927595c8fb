package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The faults of a document, in words for people. */
final class JsonErrors {
    private static final int LONGEST = 80;
    /** A number of more bits than this is not printed in a message: that would take the square of its length. */
    private static final int MOST_BITS = 1_024;

    private static final Pattern PARSER_TALK = Pattern.compile(
            " \\((start marker|for (Array|Object) starting) at .*\\)$|, from `[^`]*`| \\(not recognized as one .*\\)$",
            Pattern.DOTALL);
    private static final Pattern ENABLE = Pattern.compile(": enable `[^`]*` to allow$");

    static final String TEXT_AFTER_VALUE = "text after the value: expected the end of the document";

    private JsonErrors() {}

    /** Whether the parser met an escaped lone surrogate in a key. */
    static boolean isSurrogateInKey(JsonProcessingException e) {
        return e.getOriginalMessage().contains("surrogate");
    }

    /** The parser's message, without its words about itself. */
    static String of(JsonProcessingException e) {
        String message = PARSER_TALK.matcher(e.getOriginalMessage()).replaceAll("");
        message = ENABLE.matcher(message).replaceFirst(": expected a JSON value");
        return message.contains("comment?")
                ? message + " JSON has none: expected a value, a key or a separator"
                : message;
    }

    /** Whether the parser's location is the byte after the fault; for other faults it is the fault itself. */
    static boolean isBehind(JsonProcessingException e) {
        return e.getOriginalMessage().startsWith("Illegal character ((CTRL-CHAR");
    }

    /** The message of a mapper, or of a class that it maps. */
    static String ofMapper(IOException e) {
        return e instanceof JsonProcessingException talk ? talk.getOriginalMessage() : e.toString();
    }

    static String stringTooLong(String string, Limits limits) {
        return "a string of " + string.length() + " chars: expected at most " + limits.string();
    }

    static String keyTooLong(String key, Limits limits) {
        return "a key of " + key.length() + " chars: expected at most " + limits.key();
    }

    /** A whole number as it is written, if the reader will take it. */
    static String requireWritable(BigInteger number, Limits limits) {
        // A digit is at least three bits: a number with more bits than that is not even printed.
        if (number.bitLength() / 4 > limits.number()) {
            throw numberTooLong("a number of " + number.bitLength() + " bits", limits);
        }
        return requireShort(number.toString(), limits);
    }

    /** A decimal as it is written, if the reader will take it. */
    static String requireWritable(BigDecimal number, Limits limits) {
        if (Math.abs((long) number.scale()) > Limits.SCALE) {
            throw new InvalidJsonException(
                    "a number with a scale of " + number.scale() + ": expected at most " + Limits.SCALE);
        }
        if (number.unscaledValue().bitLength() / 4 > limits.number()) {
            throw numberTooLong("a number of " + number.precision() + " digits", limits);
        }
        return requireShort(DecimalLiteral.write(number), limits);
    }

    private static String requireShort(String number, Limits limits) {
        if (number.length() > limits.number()) {
            throw numberTooLong("a number of " + number.length() + " characters", limits);
        }
        return number;
    }

    private static InvalidJsonException numberTooLong(String what, Limits limits) {
        return new InvalidJsonException(what + ": expected at most " + limits.number() + " characters");
    }

    /** A value in a message, cut off if it is long. */
    static String brief(@Nullable Object node) {
        if (node != null && Nodes.isContainer(node)) {
            int size = Nodes.size(node);
            return node instanceof HashMap ? "an object of " + size + " members" : "a list of " + size;
        }
        if (node instanceof String string) {
            return string.length() < LONGEST ? '"' + string + '"' : '"' + string.substring(0, LONGEST - 1) + "…";
        }
        if (node instanceof BigInteger number && number.bitLength() > MOST_BITS) {
            return "a number of " + number.bitLength() + " bits";
        }
        if (node instanceof BigDecimal number && number.unscaledValue().bitLength() > MOST_BITS) {
            return "a decimal of " + number.unscaledValue().bitLength() + " bits";
        }
        String text = String.valueOf(node);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
