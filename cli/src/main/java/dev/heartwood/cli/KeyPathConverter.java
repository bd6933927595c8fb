package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A path on the command line: a JSON Pointer. */
final class KeyPathConverter implements ITypeConverter<KeyPath> {
    @Override
    public KeyPath convert(String text) {
        if (!text.isEmpty() && text.charAt(0) != '/') {
            throw new TypeConversionException("a path begins with /, such as /" + text
                    + "; a / or ~ within a key is written ~1 or ~0, and the whole tree is \"\"");
        }
        try {
            return KeyPath.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
