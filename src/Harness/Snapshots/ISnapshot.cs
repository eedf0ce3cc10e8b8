namespace Vrp.Harness.Snapshots;

/// <summary>Content that is held against a verified file.</summary>
public interface ISnapshot
{
    /// <summary>The received file, byte for byte.</summary>
    string Text { get; }

    /// <summary>What a reviewer has to see, a line each; empty when the verified text and this one are the same within the tolerances that the verified text states.</summary>
    /// <param name="verified">The verified file's text.</param>
    /// <param name="profile">The numerics profile of this run.</param>
    IReadOnlyList<string> Differences(string verified, string profile);
}
