namespace Vrp.Models.Tokenizing;

/// <summary>The byte-level alphabet of GPT-2 (openai/gpt-2, encoder.py, bytes_to_unicode): a printable character for each byte. Printable Latin-1 stands for
/// itself, the other 68 bytes for U+0100 onwards, in order; so a space is Ġ and a newline Ċ.</summary>
static class ByteAlphabet
{
    static readonly char[] characters = new char[256];
    static readonly short[] bytes = new short[256 + 68];

    static ByteAlphabet()
    {
        Array.Fill(bytes, (short)-1);
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var isPrintable = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE;
            characters[b] = isPrintable ? (char)b : (char)next++;
            bytes[characters[b]] = (short)b;
        }
    }

    public static char CharacterOf(byte value) => characters[value];

    /// <summary>The byte that a character stands for, or -1.</summary>
    public static int ByteOf(char character) => character < bytes.Length ? bytes[character] : -1;
}
