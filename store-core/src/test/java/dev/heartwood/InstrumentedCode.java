package dev.heartwood;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Loads the library once more; classes of some names ask {@link PlantedErrors} before each call that they make. */
final class InstrumentedCode extends ClassLoader {
    private static final String PACKAGE = "dev.heartwood.";

    private final Set<String> instrumented;

    InstrumentedCode(Set<String> instrumented) {
        super(InstrumentedCode.class.getClassLoader());
        this.instrumented = instrumented;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PACKAGE) || name.equals(PlantedErrors.class.getName())) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = in.readAllBytes();
            String outer = name.substring(PACKAGE.length()).replaceFirst("\\$.*", "");
            byte[] defined = instrumented.contains(outer) ? instrument(code, outer) : code;
            return defineClass(name, defined, 0, defined.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] instrument(byte[] code, String type) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        return new CallVisitor(next, type + "." + name);
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static final class CallVisitor extends MethodVisitor {
        private final String caller;

        CallVisitor(MethodVisitor next, String caller) {
            super(Opcodes.ASM9, next);
            this.caller = caller;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            ask(owner + "." + name);
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            ask("a lambda or a concatenation");
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }

        private void ask(String callee) {
            super.visitLdcInsn(caller + " > " + callee);
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC, "dev/heartwood/PlantedErrors", "call", "(Ljava/lang/String;)V", false);
        }
    }
}
