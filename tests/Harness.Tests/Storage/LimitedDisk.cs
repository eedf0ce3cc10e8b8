namespace Vrp.Harness.Tests.Storage;

/// <summary>A disk with room for so many bytes, then none: what a full one looks like to a program.</summary>
sealed class LimitedDisk(long left)
{
    /// <summary>Bytes taken so far.</summary>
    public long Taken { get; private set; }

    long Left => left - Taken;

    public Stream Create(string path) => new Limited(this, new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None));

    sealed class Limited(LimitedDisk disk, FileStream file) : Stream
    {
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var fits = (int)Math.Min(buffer.Length, disk.Left);
            file.Write(buffer[..fits]);
            disk.Taken += fits;
            if (fits < buffer.Length) throw new IOException("No space left on device");
        }

        public override void Flush() => file.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => file.Length;
        public override long Position { get => file.Position; set => throw new NotSupportedException(); }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
