namespace Vrp.Harness.Configuration;

/// <summary>A model under test, as vrp.json names it.</summary>
public sealed record SubjectConfig
{
    /// <summary>Its name in ledger, snapshots and reports; "all" is reserved.</summary>
    public required string Name { get; init; }

    /// <summary>A folder (relative to the file), or <c>org/name[@revision]</c> of the hub.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>cpu or cuda[:N].</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>float32, bfloat16 or float16; null: float32 on the CPU, the checkpoint's own on CUDA.</summary>
    public string? Dtype { get; init; }

    /// <summary>Name of its question set; null where there is only one.</summary>
    public string? Data { get; init; }

    /// <summary>Questions per block, which is one batch, in place of the trace's. Part of the trace's key.</summary>
    public int? Block { get; init; }

    /// <summary>Most rows of one restart of the intervention stage; fewer need less memory.</summary>
    public int? Rows { get; init; }

    /// <summary>Whether a run without it fails. An optional subject that cannot be loaded is left out, and said so.</summary>
    public bool Required { get; init; } = true;
}
